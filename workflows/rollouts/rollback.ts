import { CancellationScope } from '@temporalio/workflow';
import type { Origin } from '../../contracts/workflowMessages';
import { messages, records, rollbacks } from '../effects';
import { tell, type Wheel } from './control';

export interface RolledBack {
  outcome: 'rolled_back';
  reason: string;
  /** Tenants that had not returned when the deadline passed; they return at their next poll. */
  remaining: number;
}

/**
 * Takes the version back: no new offers, every tenant that took it returns to what it ran before,
 * publisher and tenants are told. Once begun it is carried through, whatever is cancelled.
 */
export async function rollBack(wheel: Wheel, reason: string, origin: Origin): Promise<RolledBack> {
  return CancellationScope.nonCancellable(async () => {
    const { order } = wheel;
    await rollbacks.withdrawOffer({ order, stage: wheel.view.stage, reason, origin });
    wheel.view = { ...wheel.view, basisPoints: 0, nextStageAt: undefined };
    await tell(wheel, 'rolling_back');
    const deadlineMs = order.plan.gate.rollbackDeadlineMs;
    const { remaining } = await rollbacks.awaitEveryoneBack({ order, deadlineMs });
    await rollbacks.closeRollback({ order, remaining });
    await messages.alertRollback({ releaseId: order.releaseId, reason, remaining });
    const { releaseId } = order;
    await records.changeState({ releaseId, from: wheel.releaseState, to: 'rolled_back', ...origin, reason });
    wheel.releaseState = 'rolled_back';
    await tell(wheel, 'rolled_back');
    return { outcome: 'rolled_back', reason, remaining };
  });
}
