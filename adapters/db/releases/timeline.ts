import type { Knex } from 'knex';
import type { RowOf } from '../tables';
import type { TimelineEntry } from '../../../core/releases/timeline';

/** Postgres notifies this channel with the id of a release whose timeline grew. */
export const TIMELINE_CHANNEL = 'spillway_timeline';

/**
 * Adds an entry to a release's timeline and wakes whoever follows it, both with the transaction.
 * Entries count from 1 without gaps and are never older than the one before, because the release row is
 * locked while the number is taken: `now` is when the writer began, which may be before another's. The lock is
 * one that rows which refer to the release do not wait for: two scans that end at once would block each other.
 *
 * @returns the entry's number, or undefined when an entry of that key is there already
 */
export async function writeTimeline(
  trx: Knex.Transaction,
  releaseId: string,
  entry: TimelineEntry,
  now: Date,
): Promise<number | undefined> {
  const { key, kind, text, actor, data = {} } = entry;
  const values = { releaseId, key, kind, text, actor, data: JSON.stringify(data), now };
  const bindings = { ...values, channel: TIMELINE_CHANNEL };
  const { rows } = await trx.raw<{ rows: Pick<RowOf<'timeline'>, 'seq'>[] }>(WRITE, bindings);
  return rows[0]?.seq;
}

/** One statement, because every step of a release writes one of these. */
const WRITE = `
  with release as (
    select id, timeline_seq + 1 as seq, greatest(timeline_at, :now) as at
    from releases where id = :releaseId for no key update
  ), entry as (
    insert into timeline (release_id, seq, key, kind, text, actor, data, at)
    select id, seq, :key, :kind, :text, :actor, :data, at from release
    on conflict (release_id, key) do nothing
    returning release_id, seq, at
  ), counted as (
    update releases set timeline_seq = entry.seq, timeline_at = entry.at
    from entry where releases.id = entry.release_id
  )
  select seq, pg_notify(:channel, cast(release_id as text)) from entry`;
