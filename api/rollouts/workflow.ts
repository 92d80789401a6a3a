import { randomUUID } from 'node:crypto';
import { writeCommand } from '../../adapters/db/rollouts/commands';
import type { RolloutAction } from '../../core/rollouts/commands';
import type { RouteDependencies } from '../http/dependencies';
import type { Caller } from '../http/route';
import { rolloutWorkflowId } from '../../core/ids';
import { abort, evaluate, pause, resume } from '../../workflows/rollouts/messages';
import { retryWhileBusy, undefinedIfEnded, type Engine } from '../http/engine';

const signals = { pause, resume, abort };

const findRollout = ({ client }: Engine, versionId: string) =>
  client.workflow.getHandle(rolloutWorkflowId(versionId));

/**
 * Records what an operator asks of a rollout, and tells the rollout the id of the record; false when none is
 * running.
 *
 * @throws Refusal ROLLOUT_NOT_ACTIVE when the release has ended
 */
export async function sendRolloutAction(
  { engine, now }: Pick<RouteDependencies, 'engine' | 'now'>,
  { releaseId, versionId }: { releaseId: string; versionId: string },
  action: RolloutAction,
  { origin, inName }: Caller,
): Promise<boolean> {
  const commandId = randomUUID();
  await inName((trx) => writeCommand(trx, { commandId, releaseId, action, ...origin }, now()));
  const rollout = findRollout(engine, versionId);
  // A release is rolling out a moment before its rollout's workflow has begun.
  const send = () => retryWhileBusy(() => rollout.signal(signals[action], { commandId }));
  return (await undefinedIfEnded(engine.withDeadline(send).then(() => true))) ?? false;
}

/**
 * Pauses rollouts of versions that tenants may no longer install. That is not what withholds them, so an engine that is
 * away stops nothing: it is logged, and a rollout that is not reached pauses by itself when it is evaluated.
 */
export async function pauseWithheld(
  deps: Pick<RouteDependencies, 'engine' | 'now' | 'logger'>,
  rollouts: AsyncIterable<{ releaseId: string; versionId: string }>,
  caller: Caller,
): Promise<void> {
  for await (const rollout of rollouts) {
    await sendRolloutAction(deps, rollout, 'pause', caller).catch((error: unknown) => {
      const { versionId } = rollout;
      deps.logger.error({ err: error, versionId }, 'the rollout of a withheld version could not be paused');
    });
  }
}

/** Asks the rollout of a version to evaluate its counters now; one that has ended needs no asking. */
export async function requestEvaluation(engine: Engine, versionId: string): Promise<void> {
  await undefinedIfEnded(engine.withDeadline(() => findRollout(engine, versionId).signal(evaluate)));
}
