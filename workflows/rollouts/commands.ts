import { setHandler } from '@temporalio/workflow';
import type { RolloutAction } from '../../core/rollouts/commands';
import type { Origin } from '../../contracts/audit/origin';
import { handleSignal, requireId, requireTaken } from '../messages';
import type { RolloutControl } from './control';
import { rolloutRecords } from './effects';
import { abort, evaluate, pause, resume } from './messages';

/**
 * Operators steer by the signals pause, resume and abort. Each carries the id of a command that the API
 * recorded, and is confirmed before it counts; they are taken one after the other, in the order of arrival.
 */
export function registerCommandHandlers(control: RolloutControl): void {
  let last = Promise.resolve();
  const inOrder = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  const handle = (action: RolloutAction, apply: (origin: Origin) => void) => (reference: unknown) =>
    inOrder(() => handleSignal(action, async () => apply(await takeCommand(control, action, reference))));
  setHandler(
    pause,
    handle('pause', (origin) => void (control.paused ??= origin)),
  );
  setHandler(
    resume,
    handle('resume', (origin) => {
      control.paused = undefined;
      control.resumed = origin;
    }),
  );
  setHandler(
    abort,
    handle('abort', (origin) => void (control.aborted ??= origin)),
  );
  setHandler(evaluate, () => void (control.evaluationRequested = true));
}

/** Who gave the command. @throws ApplicationFailure when nobody did */
async function takeCommand(
  { order: { releaseId } }: RolloutControl,
  action: RolloutAction,
  reference: unknown,
): Promise<Origin> {
  const commandId = requireId(action, reference, 'commandId');
  return requireTaken(await rolloutRecords.takeCommand({ releaseId, commandId, action })).origin;
}
