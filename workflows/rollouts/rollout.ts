import type { RolloutOrder } from '../../contracts/rollouts/messages';
import type { Problem } from '../../core/errors/errors';
import { isRolloutOrder } from '../../core/rollouts/order';
import { finishHandlers } from '../handlers';
import { invalidMessage } from '../messages';
import { registerCommandHandlers } from './commands';
import { notifyRelease, openRolloutControl, takeUp, type RolloutControl } from './control';
import { rolloutRecords } from './effects';
import { rollBack, type RolledBack } from './rollback';
import { runStage, settleStage } from './stage';

export type RolloutOutcome = { outcome: 'completed' } | Superseded | RolledBack;

/** A newer version has completed its own rollout; who has this one keeps it. */
export interface Superseded {
  outcome: 'superseded';
  problems: Problem[];
}

/**
 * One rollout, stage by stage. Each stage gates on what hosts reported: pass goes on, fail takes the
 * version back everywhere, and an inconclusive stage is held until it is clear or a person decides. It begins where
 * the rows say that it stands, so a run that was lost is taken up by another one.
 */
export async function rollout(order: RolloutOrder): Promise<RolloutOutcome> {
  if (!isRolloutOrder(order)) throw invalidMessage('rollout');
  const control = openRolloutControl(order);
  registerCommandHandlers(control);
  const outcome = await runStages(control);
  await finishHandlers();
  return outcome;
}

async function runStages(control: RolloutControl): Promise<RolloutOutcome> {
  const { order } = control;
  const standing = await rolloutRecords.readStanding(order);
  takeUp(control, standing);
  const { rollback } = standing;
  if (rollback) return rollBack(control, rollback.reason, rollback.origin ?? order.origin);
  for (let { stage } = standing; stage <= order.plan.stages.length; stage += 1) {
    const result = await runStage(control, stage);
    if (result.outcome === 'superseded') return giveWay(control, result);
    if (result.outcome === 'stopped') return rollBack(control, result.reason, result.origin);
  }
  // A failure that was reported since the last verdict: the last stage is judged with it.
  while (!(await rolloutRecords.completeRollout(order)).completed) {
    const result = await settleStage(control);
    if (result.outcome === 'superseded') return giveWay(control, result);
    if (result.outcome === 'stopped') return rollBack(control, result.reason, result.origin);
  }
  await notifyRelease(control, 'completed');
  return { outcome: 'completed' };
}

/** The records have ended the rollout and its release already. */
async function giveWay(control: RolloutControl, superseded: Superseded): Promise<Superseded> {
  control.releaseState = 'superseded';
  control.progress = { ...control.progress, nextStageAt: undefined };
  await notifyRelease(control, 'superseded');
  return superseded;
}
