import { isCancellation } from '@temporalio/workflow';
import type { RolloutOrder } from '../../contracts/workflowMessages';
import { records } from '../effects';
import { finishHandlers } from '../handlers';
import { rollBack, type RolledBack } from './rollback';
import { runStage } from './stage';
import { openWheel, tell, type Wheel } from './control';

export type RolloutOutcome = { outcome: 'completed' } | RolledBack;

/**
 * One rollout, stage by stage. Each stage gates on what hosts reported: pass goes on, fail takes the
 * version back everywhere, and what is inconclusive is held until it is clear or a person decides.
 */
export async function rollout(order: RolloutOrder): Promise<RolloutOutcome> {
  const wheel = openWheel(order);
  const outcome = await runAll(wheel);
  await finishHandlers();
  return outcome;
}

async function runAll(wheel: Wheel): Promise<RolloutOutcome> {
  const { order } = wheel;
  try {
    for (let stage = 1; stage <= order.plan.stages.length; stage += 1) {
      const result = await runStage(wheel, stage);
      if (result.outcome === 'stopped') return await rollBack(wheel, result.reason, result.origin);
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return rollBack(wheel, 'The release was cancelled.', order.origin);
  }
  await records.completeRollout(order);
  await tell(wheel, 'completed');
  return { outcome: 'completed' };
}
