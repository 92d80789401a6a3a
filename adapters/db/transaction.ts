import type { Knex } from 'knex';
import { DatabaseError } from 'pg';
import { refusal } from '../../core/errors/errors';

/** A transaction that commits when `work` resolves and changes nothing when it throws. */
export const inTransaction = <T>(knex: Knex, work: (trx: Knex.Transaction) => Promise<T>): Promise<T> =>
  knex.transaction(work);

/**
 * A transaction in which the database itself shows and takes rows of one tenant only, whatever the
 * queries say (row-level security). The role and the setting end with the transaction, so a pooled
 * connection never carries them on.
 */
export const inTenant = <T>(
  knex: Knex,
  tenantId: string,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> =>
  knex.transaction(async (trx) => {
    await trx.raw(`select set_config('spillway.tenant', ?, true)`, [tenantId]);
    await trx.raw('set local role spillway_tenant');
    return work(trx);
  });

/**
 * A transaction that sees one publisher's rows only, whatever the queries say: its plugins, versions,
 * releases with all that is about them, keys and notifications. It may only read.
 */
export const inPublisher = <T>(
  knex: Knex,
  publisherId: string,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> =>
  knex.transaction(async (trx) => {
    await trx.raw(`select set_config('spillway.publisher', ?, true)`, [publisherId]);
    await trx.raw('set local role spillway_publisher');
    return work(trx);
  });

/** Back to the process's own role for the rest of the transaction: for counters that belong to nobody. */
export async function leaveTenant(trx: Knex.Transaction): Promise<void> {
  await trx.raw('reset role');
}

/**
 * A transaction that may write in the name of whoever has a token: a decision, a command, a submission, a new token. The
 * database compares the proof of the token, which ends with the transaction, with the name that is written.
 *
 * @throws Refusal TOKEN_INVALID when it does not prove that, such as when the token was revoked a moment ago
 */
export const asBearer = async <T>(
  knex: Knex,
  proof: string,
  work: (trx: Knex.Transaction) => Promise<T>,
): Promise<T> => {
  try {
    return await knex.transaction(async (trx) => {
      await trx.raw(`select set_config('spillway.proof', ?, true)`, [proof]);
      return work(trx);
    });
  } catch (error) {
    if (!breaks(error, CHECK_VIOLATION, 'proof_demanded')) throw error;
    throw refusal('TOKEN_INVALID', 'The bearer token is unknown, expired or revoked.');
  }
};

const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const CHECK_VIOLATION = '23514';

/** Whether a write lost a race against an equal one, by the index that decided it. */
export const isUniqueViolation = (error: unknown, constraint?: string): boolean =>
  breaks(error, UNIQUE_VIOLATION, constraint);

/** Whether a write refers to a row that is not there, by the constraint that says so. */
export const isForeignKeyViolation = (error: unknown, constraint: string): boolean =>
  breaks(error, FOREIGN_KEY_VIOLATION, constraint);

/** Whether a write is one that a check or a trigger of the database refuses to everybody. */
export const isCheckViolation = (error: unknown, constraint: string): boolean =>
  breaks(error, CHECK_VIOLATION, constraint);

function breaks(error: unknown, violation: string, constraint?: string): boolean {
  if (!(error instanceof DatabaseError) || error.code !== violation) return false;
  return constraint === undefined || error.constraint === constraint;
}
