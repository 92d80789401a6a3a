import { isCancellation } from '@temporalio/workflow';
import { endingReasons } from '../../core/releases/timeline';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import { isRolloutOrder } from '../../core/rollouts/order';
import { finishHandlers } from '../handlers';
import { invalidMessage } from '../messages';
import { registerCommandHandlers } from './commands';
import { notifyRelease, openRolloutControl, type RolloutControl } from './control';
import { rolloutRecords } from './effects';
import { rollBack, type RolledBack } from './rollback';
import { runStage, settleStage } from './stage';

export type RolloutOutcome = { outcome: 'completed' } | RolledBack;

/**
 * One rollout, stage by stage. Each stage gates on what hosts reported: pass goes on, fail takes the
 * version back everywhere, and an inconclusive stage is held until it is clear or a person decides.
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
  try {
    for (let stage = 1; stage <= order.plan.stages.length; stage += 1) {
      const result = await runStage(control, stage);
      if (result.outcome === 'stopped') return await rollBack(control, result.reason, result.origin);
    }
    // A failure that was reported since the last verdict: the last stage is judged with it.
    while (!(await rolloutRecords.completeRollout(order)).completed) {
      const result = await settleStage(control);
      if (result.outcome === 'stopped') return await rollBack(control, result.reason, result.origin);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return rollBack(control, endingReasons.cancelled, order.origin);
  }
  await notifyRelease(control, 'completed');
  return { outcome: 'completed' };
}
