import type { Knex } from 'knex';
import type { TimelineEntry } from '../../../core/releases/timeline';
import { writeTimeline } from './timeline';
import { inTransaction } from '../transaction';

/** Adds one entry to a release's timeline, in a transaction of its own. */
export const recordEntry = (knex: Knex, releaseId: string, entry: TimelineEntry, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    await writeTimeline(trx, releaseId, entry, now);
  });
