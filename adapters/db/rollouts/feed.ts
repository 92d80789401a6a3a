import type { Knex } from 'knex';
import type { FeedKind } from '../../../core/rollouts/feedKinds';
import type { OfferRule } from '../../../core/rollouts/cohort';

/** A change that hosts learn by polling. */
export interface FeedChange {
  /** The key by which a retried write is written once. */
  key: string;
  versionId: string;
  kind: FeedKind;
  rule: OfferRule;
  stage: number;
  previousVersion: string | null;
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
  });
  return head.revision;
}
