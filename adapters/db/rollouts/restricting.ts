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
import type { RowOf } from '../tables';
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
 * {@link tellHosts}. May be part of a transaction, such as the one that revokes a key: a key has one by revocation, and one
 * that is there is taken up.
 */
export const imposeRestriction = (
  knex: Knex,
  imposed: Imposed,
  origin: Origin,
  now: Date,
): Promise<Restriction> =>
  inTransaction(knex, async (trx) => {
    const restriction = toRestriction(await insertOrFind(trx, imposed, origin, now));
    await announce(trx, restriction, 'imposed', now);
    const { subjectKind, kind, reason, cause } = imposed;
    const data = { subjectKind, kind, reason, cause, expiresAt: imposed.expiresAt?.toISOString() ?? null };
    await audit(trx, restriction, { what: 'imposed', origin, data }, now);
    return restriction;
  });

async function insertOrFind(
  trx: Knex.Transaction,
  imposed: Imposed,
  { actor }: Origin,
  now: Date,
): Promise<RowOf<'restrictions'>> {
  const { kind, cause, reason, subjectKind, subjectId, publisherId, expiresAt } = imposed;
  const row = {
    ...{ id: randomUUID(), kind, cause, reason, subject_kind: subjectKind, subject_id: subjectId },
    ...{ publisher_id: publisherId, imposed_by: actor, imposed_at: now, expires_at: expiresAt },
  };
  const insert = trx('restrictions').insert(row);
  if (cause === 'revocation')
    void insert.onConflict(trx.raw(`(subject_id) where cause = 'revocation'`)).ignore();
  const [added] = await insert.returning('*');
  const found = added ?? (await trx('restrictions').where({ subject_id: subjectId, cause }).first());
  if (!found) throw new Error(`The restriction of ${subjectId} was not written.`);
  return found;
}

/** Lifts a restriction, once; undefined when it was lifted before. */
export const liftRestriction = (
  knex: Knex,
  id: string,
  { reason, origin }: { reason: string; origin: Origin },
  now: Date,
): Promise<Restriction | undefined> =>
  inTransaction(knex, async (trx) => {
    const lifted = { lifted_by: origin.actor, lift_reason: reason, lifted_at: now };
    const restriction = await change(trx, { id, unset: ['lifted_at'] }, lifted);
    if (!restriction) return undefined;
    await announce(trx, restriction, 'lifted', now);
    await audit(trx, restriction, { what: 'lifted', origin, data: { reason } }, now);
    return restriction;
  });

/** Keeps a publisher's appeal and tells the operators, once. */
export const appealRestriction = (
  knex: Knex,
  { id }: Restriction,
  { appeal, origin }: { appeal: string; origin: Origin },
  now: Date,
): Promise<boolean> =>
  inTransaction(knex, async (trx) => {
    const appealed = { appeal, appealed_at: now };
    const restriction = await change(trx, { id, unset: ['lifted_at', 'appealed_at'] }, appealed);
    if (!restriction) return false;
    const recipient = { kind: 'operator' as const, id: 'operators' };
    const body = restrictionAppealed(restriction, appeal);
    await queueMessage(trx, { key: keyOf(restriction, 'appealed'), recipient, body }, now);
    await audit(trx, restriction, { what: 'appealed', origin, data: {} }, now);
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
    const answered = { appeal_answer: answer, answered_by: origin.actor, answered_at: now };
    const which = { id, unset: ['lifted_at', 'answered_at'], set: 'appealed_at' } as const;
    const restriction = await change(trx, which, answered);
    if (!restriction) return undefined;
    const recipient = { kind: 'publisher' as const, id: restriction.publisherId };
    const body = appealAnswered(restriction, answer);
    await queueMessage(trx, { key: keyOf(restriction, 'answered'), recipient, body }, now);
    await audit(trx, restriction, { what: 'answered', origin, data: { answer } }, now);
    return restriction;
  });

/** What happens to a restriction, each once, with the action of its audit row. */
const actions = {
  imposed: 'restriction.impose',
  lifted: 'restriction.lift',
  appealed: 'restriction.appeal',
  answered: 'restriction.answer',
} as const;
type Occasion = keyof typeof actions;

const keyOf = ({ id }: Restriction, what: Occasion): string => `restriction:${id}:${what}`;

type Moment = 'lifted_at' | 'appealed_at' | 'answered_at';

/** Changes a restriction to which some things have not happened yet; undefined where one of them has. */
async function change(
  trx: Knex.Transaction,
  { id, unset, set }: { id: string; unset: readonly Moment[]; set?: Moment },
  to: Partial<RowOf<'restrictions'>>,
): Promise<Restriction | undefined> {
  const query = trx('restrictions').where({ id });
  for (const column of unset) void query.whereNull(column);
  if (set) void query.whereNotNull(set);
  const [row] = await query.update(to).returning('*');
  return row && toRestriction(row);
}

const audit = (
  trx: Knex.Transaction,
  restriction: Restriction,
  { what, origin, data }: { what: Occasion; origin: Origin; data: Record<string, unknown> },
  now: Date,
): Promise<void> => {
  const entry = { key: keyOf(restriction, what), action: actions[what], subject: restriction.subjectId };
  return writeAudit(trx, { ...entry, ...origin, data }, now);
};

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
  await repeatInFeed(trx, restriction, keyOf(restriction, occasion), now);
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
  const key = keyOf(restriction, occasion);
  const recipient = { kind: 'publisher' as const, id: restriction.publisherId };
  await queueMessage(trx, { key, recipient, body }, now);
  if (restriction.cause === 'decision') return;
  const operators = { kind: 'operator' as const, id: 'operators' };
  await queueMessage(trx, { key: `${key}:operators`, recipient: operators, body }, now);
}
