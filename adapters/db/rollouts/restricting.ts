import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { PLATFORM } from '../../../core/ids';
import {
  appealAnswered,
  restrictionAppealed,
  restrictionImposed,
  restrictionLifted,
} from '../../../core/releases/restrictionNotices';
import { describeImposed, describeLifted } from '../../../core/releases/restrictionEntries';
import type {
  RestrictionCause,
  RestrictionKind,
  RestrictionSubject,
} from '../../../core/releases/restrictions';
import { writeAudit } from '../audit/audit';
import { queueMessage } from '../notifications/outbox';
import { toRestriction, type Restriction } from '../releases/restrictions';
import { writeTimelines } from '../releases/timeline';
import { inTransaction } from '../transaction';
import { repeatInFeed } from './feed';

export interface Imposed {
  kind: RestrictionKind;
  subjectKind: RestrictionSubject;
  subjectId: string;
  publisherId: string;
  reason: string;
  expiresAt: Date | null;
  cause: RestrictionCause;
}

/**
 * Imposes a restriction: one row, which whoever reads sees at once. A worker tells hosts and timelines, by
 * {@link tellHosts}. May be part of a transaction, such as the one that revokes a key.
 */
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
        cause: imposed.cause,
      })
      .returning('*');
    const restriction = toRestriction(row!);
    await announce(trx, restriction, 'imposed', now);
    const { subjectKind, subjectId, kind, reason, cause } = imposed;
    const data = { subjectKind, kind, reason, cause, expiresAt: imposed.expiresAt?.toISOString() ?? null };
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

/** Keeps what an operator says to an appeal, and tells the publisher; undefined when no appeal waits for it. */
export const answerAppeal = (
  knex: Knex,
  id: string,
  { answer, origin }: { answer: string; origin: Origin },
  now: Date,
): Promise<Restriction | undefined> =>
  inTransaction(knex, async (trx) => {
    const [row] = await trx('restrictions')
      .where({ id })
      .whereNull('lifted_at')
      .whereNotNull('appealed_at')
      .whereNull('answered_at')
      .update({ appeal_answer: answer, answered_by: origin.actor, answered_at: now })
      .returning('*');
    if (!row) return undefined;
    const restriction = toRestriction(row);
    const key = `restriction:${id}:answered`;
    const recipient = { kind: 'publisher' as const, id: row.publisher_id };
    await queueMessage(trx, { key, recipient, body: appealAnswered(restriction, answer) }, now);
    const entry = { key, action: 'restriction.answer', subject: row.subject_id };
    await writeAudit(trx, { ...entry, ...origin, data: { answer } }, now);
    return restriction;
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
 * read. The timelines of its releases say so, too. Returns how many restrictions were told of, at most `limit`.
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
      await tellOf(trx, toRestriction(row), { imposed: row.imposed_told }, now);
      const told = { imposed_told: true, lifted_told: row.lifted_at !== null };
      await trx('restrictions').where({ id: row.id }).update(told);
    }
    return rows.length;
  });

/** As the index of the migration has it. */
const UNTOLD = '(not imposed_told or (lifted_at is not null and not lifted_told))';

/** One that was lifted before anybody was told of it is on the timeline with both ends. */
async function tellOf(
  trx: Knex.Transaction,
  restriction: Restriction,
  told: { imposed: boolean },
  now: Date,
): Promise<void> {
  const occasion = restriction.liftedAt ? 'lifted' : 'imposed';
  await repeatInFeed(trx, restriction, `restriction:${restriction.id}:${occasion}`, now);
  if (!told.imposed) await writeTimelines(trx, restriction, describeImposed(restriction), now);
  if (restriction.liftedAt) await writeTimelines(trx, restriction, describeLifted(restriction), now);
}

/** Tells the publisher, and the operators of what none of them decided. */
async function announce(
  trx: Knex.Transaction,
  restriction: Restriction,
  occasion: 'imposed' | 'lifted',
  now: Date,
): Promise<void> {
  const body = occasion === 'imposed' ? restrictionImposed(restriction) : restrictionLifted(restriction);
  const key = `restriction:${restriction.id}:${occasion}`;
  const recipient = { kind: 'publisher' as const, id: restriction.publisherId };
  await queueMessage(trx, { key, recipient, body }, now);
  if (restriction.cause === 'decision') return;
  const operators = { kind: 'operator' as const, id: 'operators' };
  await queueMessage(trx, { key: `${key}:operators`, recipient: operators, body }, now);
}
