import { CancellationScope } from '@temporalio/workflow';
import type { Origin } from '../../contracts/audit/origin';
import { releaseRecords } from '../releases/effects';
import { notifyRelease, type RolloutControl } from './control';
import { rollbacks, rolloutNotices } from './effects';

export interface RolledBack {
  outcome: 'rolled_back';
  reason: string;
  /** Tenants that had not returned when the deadline passed; they return at their next poll. */
  remaining: number;
}

/**
 * Takes the version back: no new offers, every tenant that took it returns to what it ran before,
 * publisher and tenants are alerted. Once begun it is carried through, whatever is cancelled.
 */
export async function rollBack(control: RolloutControl, reason: string, origin: Origin): Promise<RolledBack> {
  return CancellationScope.nonCancellable(async () => {
    const { order } = control;
    const { releaseId } = order;
    await rollbacks.withdrawOffer({ order, stage: control.progress.stage, reason, origin });
    control.progress = { ...control.progress, basisPoints: 0, nextStageAt: undefined };
    await notifyRelease(control, 'rolling_back');
    const deadlineMs = order.plan.gate.rollbackDeadlineMs;
    const { remaining } = await rollbacks.awaitReturns({ order, deadlineMs });
    await rollbacks.closeRollback({ order, remaining });
    await rolloutNotices.alertRollback({ releaseId, reason, remaining });
    const from = control.releaseState;
    await releaseRecords.changeState({ releaseId, from, to: 'rolled_back', ...origin, reason });
    control.releaseState = 'rolled_back';
    await notifyRelease(control, 'rolled_back');
    return { outcome: 'rolled_back', reason, remaining };
  });
}
