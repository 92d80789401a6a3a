import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal } from '../../../core/errors/errors';
import { writeAudit } from '../audit/audit';
import { inTransaction } from '../transaction';

/** A publisher's signing key; the fingerprint is 40 upper-case hex digits. */
export interface PublisherKey {
  fingerprint: string;
  armored: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/**
 * Registers a public key to a publisher; its own again is fine.
 *
 * @throws Refusal KEY_TAKEN when another publisher has it
 */
export const registerKey = (
  knex: Knex,
  key: { publisherId: string; fingerprint: string; armored: string; expiresAt: Date | null },
  origin: Origin,
  now: Date,
): Promise<{ created: boolean }> =>
  inTransaction(knex, async (trx) => {
    const fingerprint = key.fingerprint.toUpperCase();
    const { publisherId, armored, expiresAt } = key;
    const added = await trx('publisher_keys')
      .insert({ fingerprint, publisher_id: publisherId, armored, expires_at: expiresAt, created_at: now })
      .onConflict('fingerprint')
      .ignore()
      .returning('fingerprint');
    if (added.length === 0) {
      await requireOwn(trx, fingerprint, publisherId);
      return { created: false };
    }
    const entry = { key: `key:${fingerprint}`, action: 'key.register', subject: publisherId, ...origin };
    await writeAudit(trx, { ...entry, data: { fingerprint } }, now);
    return { created: true };
  });

async function requireOwn(trx: Knex, fingerprint: string, publisherId: string): Promise<void> {
  const own = await trx('publisher_keys')
    .where({ fingerprint, publisher_id: publisherId })
    .first('fingerprint');
  if (!own) throw refusal('KEY_TAKEN', `The key ${fingerprint} is registered to another publisher.`);
}

/**
 * Ends a key: nothing that it signed is accepted from now on. @throws Refusal NOT_FOUND
 *
 * @internal for tests
 */
export const revokeKey = (
  knex: Knex,
  { publisherId, fingerprint }: { publisherId: string; fingerprint: string },
  origin: Origin,
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const found = await trx('publisher_keys')
      .where({ fingerprint: fingerprint.toUpperCase(), publisher_id: publisherId })
      .update({ revoked_at: trx.raw('coalesce(revoked_at, ?)', [now]) });
    if (found === 0) throw refusal('NOT_FOUND', `There is no key ${fingerprint} of ${publisherId}.`);
    const entry = { key: `key:${fingerprint}:revoked`, action: 'key.revoke', subject: publisherId };
    await writeAudit(trx, { ...entry, ...origin, data: { fingerprint } }, now);
  });

/** Every key of a publisher, revoked ones included, in the order of registration. */
export const listKeys = (knex: Knex, publisherId: string): Promise<PublisherKey[]> =>
  knex('publisher_keys').where({ publisher_id: publisherId }).orderBy(['created_at', 'fingerprint']).select({
    fingerprint: 'fingerprint',
    armored: 'armored',
    expiresAt: 'expires_at',
    revokedAt: 'revoked_at',
  });
