import type { Knex } from 'knex';
import type { TimelineEntry } from '../../../core/releases/timeline';
import { PLATFORM } from '../../../core/ids';
import { writeTimeline } from './timeline';
import { inTransaction } from '../transaction';

const tenants = (count: number): string => (count === 1 ? '1 tenant' : `${count} tenants`);

/** Says how many tenants were told of the listing. */
export const noteNotified = (knex: Knex, releaseId: string, notified: number, now: Date): Promise<void> =>
  note(knex, releaseId, now, {
    key: 'notified',
    kind: 'notified',
    text:
      notified === 1 ? '1 subscribed tenant was notified.' : `${notified} subscribed tenants were notified.`,
    data: { notified },
  });

/** Says who was told of the rollback. */
export const noteAlert = (knex: Knex, releaseId: string, alerted: number, now: Date): Promise<void> =>
  note(knex, releaseId, now, {
    key: 'alert:rolled_back',
    kind: 'alert',
    text: `The publisher, the operators and ${tenants(alerted)} were told of the rollback.`,
    data: { alerted },
  });

/** Says that the uploaded package is the one that was announced, and whose it is. */
export const noteVerifiedUpload = (
  knex: Knex,
  releaseId: string,
  verified: { text: string; data: Record<string, unknown> },
  now: Date,
): Promise<void> =>
  note(knex, releaseId, now, { key: 'upload_verified', kind: 'upload_verified', ...verified });

/** Adds one entry to a release's timeline, in a transaction of its own. */
export const recordEntry = (knex: Knex, releaseId: string, entry: TimelineEntry, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    await writeTimeline(trx, releaseId, entry, now);
  });

const note = (knex: Knex, releaseId: string, now: Date, entry: Omit<TimelineEntry, 'actor'>): Promise<void> =>
  recordEntry(knex, releaseId, { ...entry, actor: PLATFORM }, now);
