import type { Knex } from 'knex';
import type { FeedKind } from '../../../core/rollouts/feedKinds';
import type { OfferRule } from '../../../core/rollouts/cohort';
import { restrictedColumns, type Restriction } from '../releases/restrictions';

/** A change that hosts learn by polling. */
export interface FeedChange {
  /** The key by which a retried write is written once. */
  key: string;
  versionId: string;
  kind: FeedKind;
  rule: OfferRule;
  stage: number;
  previousVersion: string | null;
  /** Nobody newly installs the version but this tenant; null where nobody at all does. Missing: whom the rule includes. */
  narrowedTo?: string | null;
}

/**
 * Appends a change and returns its revision. The head row stays locked until the transaction ends, so
 * revisions become visible in their order: a host that has read up to one never misses an earlier.
 */
export async function appendFeed(trx: Knex.Transaction, change: FeedChange, now: Date): Promise<number> {
  const [head] = await trx('feed_head').increment('revision', 1).returning('revision');
  const there = await trx('feed').where({ key: change.key }).first('revision');
  // A repetition takes the next number for nothing; readers never rely on numbers without gaps.
  if (there) return there.revision;
  if (!head) throw new Error('The feed has no head row.');
  await trx('feed').insert({
    revision: head.revision,
    key: change.key,
    version_id: change.versionId,
    kind: change.kind,
    rule: JSON.stringify(change.rule),
    stage: change.stage,
    previous_version: change.previousVersion,
    at: now,
    narrowed: change.narrowedTo !== undefined,
    turn_tenant: change.narrowedTo ?? null,
  });
  return head.revision;
}

/**
 * Gives the last entry of each version that a restriction is about a new revision, so that hosts read it again. One
 * statement, whatever the number of versions.
 *
 * @param key the beginning of the entries' keys; the version's id follows
 */
export async function repeatInFeed(
  trx: Knex.Transaction,
  { subjectKind, subjectId }: Pick<Restriction, 'subjectKind' | 'subjectId'>,
  key: string,
  now: Date,
): Promise<void> {
  const head = await trx('feed_head').forUpdate().first('revision');
  if (!head) throw new Error('The feed has no head row.');
  await trx.raw(
    `with latest as (
       select distinct on (feed.version_id) feed.*
       from feed join versions on versions.id = feed.version_id
         join plugins on plugins.id = versions.plugin_id
       where ?? = ? order by feed.version_id, feed.revision desc),
     repeated as (
       insert into feed (revision, key, version_id, kind, rule, stage, previous_version, narrowed, turn_tenant, at)
       select ?::bigint + row_number() over (order by version_id), ? || version_id, version_id, kind, rule, stage,
         previous_version, narrowed, turn_tenant, ?::timestamptz from latest returning revision)
     update feed_head set revision = greatest(revision, (select max(revision) from repeated))`,
    [restrictedColumns[subjectKind], subjectId, head.revision, `${key}:`, now],
  );
}
