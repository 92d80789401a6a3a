import type { Knex } from 'knex';
import type { RowOf } from '../tables';
import { isInstallable, isTerminal, releaseStates } from '../../../core/releases/state';
import type { TimelineEntry } from '../../../core/releases/timeline';
import { restrictedColumns, type Restriction } from './restrictions';

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
  const bindings = { ...toBindings(entry, now), releaseId };
  const { rows } = await trx.raw<{ rows: Pick<RowOf<'timeline'>, 'seq'>[] }>(
    writeTo('id = :releaseId'),
    bindings,
  );
  return rows[0]?.seq;
}

/**
 * Adds an entry to the timelines of what a restriction is about: the newest release of each version, unless that has
 * ended without being listed. One statement, whatever their number.
 */
export async function writeTimelines(
  trx: Knex.Transaction,
  { subjectKind, subjectId }: Pick<Restriction, 'subjectKind' | 'subjectId'>,
  entry: TimelineEntry,
  now: Date,
): Promise<void> {
  const subject = { column: restrictedColumns[subjectKind], subjectId };
  const states = releaseStates.filter((state) => isInstallable(state) || !isTerminal(state));
  await trx.raw(writeTo(NEWEST_OF_SUBJECT), { ...toBindings(entry, now), ...subject, states });
}

const NEWEST_OF_SUBJECT = `
  state = any(:states) and id in (
    select distinct on (releases.version_id) releases.id
    from releases join versions on versions.id = releases.version_id
      join plugins on plugins.id = versions.plugin_id
    where :column: = :subjectId order by releases.version_id, releases.submission desc)`;

const toBindings = ({ key, kind, text, actor, data = {} }: TimelineEntry, now: Date) => ({
  ...{ key, kind, text, actor, data: JSON.stringify(data), now },
  channel: TIMELINE_CHANNEL,
});

/** One statement, because every step of a release writes one of these. Several releases are locked in one order. */
const writeTo = (which: string): string => `
  with release as (
    select id, timeline_seq + 1 as seq, greatest(timeline_at, :now) as at
    from releases where ${which} order by id for no key update
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
