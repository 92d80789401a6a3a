import type { RolloutAction } from '../../contracts/rollouts/control';
import type { Origin } from '../../contracts/audit/origin';
import { rolloutWorkflowId } from '../../core/ids';
import { abort, evaluate, pause, resume } from '../../workflows/rollouts/messages';
import { retryWhileBusy, undefinedIfEnded, type Engine } from '../http/engine';

const signals = { pause, resume, abort };

const findRollout = ({ client }: Engine, versionId: string) =>
  client.workflow.getHandle(rolloutWorkflowId(versionId));

/** Asks a rollout to pause, resume or abort; false when none is running. */
export async function sendRolloutAction(
  engine: Engine,
  versionId: string,
  action: RolloutAction,
  origin: Origin,
): Promise<boolean> {
  const rollout = findRollout(engine, versionId);
  // A release is rolling out a moment before its rollout's workflow has begun.
  const send = () => retryWhileBusy(() => rollout.signal(signals[action], origin));
  return (await undefinedIfEnded(engine.withDeadline(send).then(() => true))) ?? false;
}

/** Asks the rollout of a version to evaluate its counters now; one that has ended needs no asking. */
export async function requestEvaluation(engine: Engine, versionId: string): Promise<void> {
  await undefinedIfEnded(engine.withDeadline(() => findRollout(engine, versionId).signal(evaluate)));
}
