import type { Knex } from 'knex';
import { activityRetried } from '../../../core/operations/notices';
import { queueMessage } from '../notifications/outbox';
import { findLatestRelease } from '../releases/record';
import { inTransaction } from '../transaction';

/** A step of a version's workflow that fails again and again. */
export interface RetriedStep {
  pluginId: string;
  versionId: string;
  workflowId: string;
  /** The name of the activity. */
  step: string;
  attempt: number;
}

/** Tells the operators, once a release and step. */
export const alertRetried = (knex: Knex, retried: RetriedStep, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { versionId, step } = retried;
    const releaseId = (await findLatestRelease(trx, versionId))?.releaseId;
    // Before its registration a release has no other name than its version's.
    const key = `activity-retried:${releaseId ?? versionId}:${step}`;
    const recipient = { kind: 'operator' as const, id: 'operators' };
    await queueMessage(trx, { key, recipient, releaseId, body: activityRetried(retried) }, now);
  });
