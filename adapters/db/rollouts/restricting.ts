import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { PLATFORM } from '../../../core/ids';
import {
  restrictionAppealed,
  restrictionImposed,
  restrictionLifted,
} from '../../../core/releases/restrictionNotices';
import type { RestrictionKind, RestrictionSubject } from '../../../core/releases/restrictions';
import { writeAudit } from '../audit/audit';
import { queueMessage } from '../notifications/outbox';
import { restrictedColumns, toRestriction, type Restriction } from '../releases/restrictions';
import { inTransaction } from '../transaction';

export interface Imposed {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  publisherId: string;
  reason: string;
  expiresAt: Date | null;
}

/** Imposes a restriction: one row, which whoever reads sees at once. A worker tells the hosts, by {@link tellHosts}. */
export const imposeRestriction = (
  knex: Knex,
  imposed: Imposed,
  origin: Origin,
  now: Date,
): Promise<Restriction> =>
  inTransaction(knex, async (trx) => {
    const id = randomUUID();
    const [row] = await trx('restrictions')
      .insert({
        id,
        kind: imposed.kind,
        subject_kind: imposed.subjectKind,
        subject_id: imposed.subjectId,
        publisher_id: imposed.publisherId,
        reason: imposed.reason,
        imposed_by: origin.actor,
        imposed_at: now,
        expires_at: imposed.expiresAt,
      })
      .returning('*');
    const restriction = toRestriction(row!);
    await announce(trx, restriction, 'imposed', now);
    const { subjectKind, subjectId, kind, reason } = imposed;
    const data = { subjectKind, kind, reason, expiresAt: imposed.expiresAt?.toISOString() ?? null };
    const entry = { key: `restriction:${id}:imposed`, action: 'restriction.impose', subject: subjectId };
    await writeAudit(trx, { ...entry, ...origin, data }, now);
    return restriction;
  });

/** Lifts a restriction, once; undefined when it was lifted before. */
export const liftRestriction = (
  knex: Knex,
  id: string,
  { reason, origin }: { reason: string; origin: Origin },
  now: Date,
): Promise<Restriction | undefined> =>
  inTransaction(knex, async (trx) => {
    const [row] = await trx('restrictions')
      .where({ id })
      .whereNull('lifted_at')
      .update({ lifted_by: origin.actor, lift_reason: reason, lifted_at: now })
      .returning('*');
    if (!row) return undefined;
    const restriction = toRestriction(row);
    await announce(trx, restriction, 'lifted', now);
    const entry = { key: `restriction:${id}:lifted`, action: 'restriction.lift', subject: row.subject_id };
    await writeAudit(trx, { ...entry, ...origin, data: { reason } }, now);
    return restriction;
  });

/** Keeps a publisher's appeal and tells the operators, once. */
export const appealRestriction = (
  knex: Knex,
  restriction: Restriction,
  { appeal, origin }: { appeal: string; origin: Origin },
  now: Date,
): Promise<boolean> =>
  inTransaction(knex, async (trx) => {
    const { id } = restriction;
    const changed = await trx('restrictions')
      .where({ id })
      .whereNull('lifted_at')
      .whereNull('appealed_at')
      .update({ appeal, appealed_at: now });
    if (changed === 0) return false;
    const recipient = { kind: 'operator' as const, id: 'operators' };
    const body = restrictionAppealed(restriction, appeal);
    await queueMessage(trx, { key: `restriction:${id}:appealed`, recipient, body }, now);
    const entry = {
      key: `restriction:${id}:appealed`,
      action: 'restriction.appeal',
      subject: restriction.subjectId,
    };
    await writeAudit(trx, { ...entry, ...origin, data: {} }, now);
    return true;
  });

/** Lifts restrictions whose end has come, at most `limit`; returns how many. Several workers may do so at once. */
export async function liftExpired(knex: Knex, limit: number, now: Date): Promise<number> {
  const due = await knex('restrictions')
    .whereNull('lifted_at')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .select('id');
  const origin = { actor: PLATFORM, requestId: 'restrictions' };
  let lifted = 0;
  for (const { id } of due) {
    if (await liftRestriction(knex, id, { reason: 'Its time was over.', origin }, now)) lifted += 1;
  }
  return lifted;
}

/**
 * Tells hosts of restrictions that were imposed or lifted since: the last entry of each listed version that one is about
 * gets a new revision, because hosts read entries by revision, and each is shown as restrictions are when it is
 * read. Returns how many restrictions hosts were told of, at most `limit`.
 */
export const tellHosts = (knex: Knex, limit: number, now: Date): Promise<number> =>
  inTransaction(knex, async (trx) => {
    const rows = await trx('restrictions')
      .whereRaw(UNTOLD)
      .orderBy('imposed_at')
      .limit(limit)
      .forNoKeyUpdate()
      .skipLocked();
    for (const row of rows) {
      await repeatInFeed(trx, toRestriction(row), row.lifted_at ? 'lifted' : 'imposed', now);
      const told = { imposed_told: true, lifted_told: row.lifted_at !== null };
      await trx('restrictions').where({ id: row.id }).update(told);
    }
    return rows.length;
  });

/** As the index of the migration has it. */
const UNTOLD = '(not imposed_told or (lifted_at is not null and not lifted_told))';

/** One statement, whatever the number of versions. */
async function repeatInFeed(
  trx: Knex.Transaction,
  { id, subjectKind, subjectId }: Restriction,
  occasion: 'imposed' | 'lifted',
  now: Date,
): Promise<void> {
  // The head stays locked until the transaction ends, so revisions become visible in their order.
  const head = await trx('feed_head').forUpdate().first('revision');
  if (!head) throw new Error('The feed has no head row.');
  await trx.raw(
    `with latest as (
       select distinct on (feed.version_id) feed.*
       from feed join versions on versions.id = feed.version_id
         join plugins on plugins.id = versions.plugin_id
       where ?? = ? order by feed.version_id, feed.revision desc),
     repeated as (
       insert into feed (revision, key, version_id, kind, rule, stage, previous_version, at)
       select ?::bigint + row_number() over (order by version_id), ? || version_id, version_id, kind, rule, stage,
         previous_version, ?::timestamptz from latest returning revision)
     update feed_head set revision = greatest(revision, (select max(revision) from repeated))`,
    [restrictedColumns[subjectKind], subjectId, head.revision, `restriction:${id}:${occasion}:`, now],
  );
}

/** Tells the publisher. */
async function announce(
  trx: Knex.Transaction,
  restriction: Restriction,
  occasion: 'imposed' | 'lifted',
  now: Date,
): Promise<void> {
  const body = occasion === 'imposed' ? restrictionImposed(restriction) : restrictionLifted(restriction);
  const recipient = { kind: 'publisher' as const, id: restriction.publisherId };
  await queueMessage(trx, { key: `restriction:${restriction.id}:${occasion}`, recipient, body }, now);
}
