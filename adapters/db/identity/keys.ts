import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal, refuseIfAny } from '../../../core/errors/errors';
import {
  checkFurtherKey,
  isDistrusted,
  isWorse,
  type KeyRevocation,
  type RevocationReason,
  type Vouching,
} from '../../../core/identity/keys';
import { writeAudit } from '../audit/audit';
import { inTransaction } from '../transaction';

/** A publisher's signing key; the fingerprint is 40 upper-case hex digits. */
export interface PublisherKey {
  fingerprint: string;
  armored: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  revokedReason: RevocationReason | null;
}

/** A key that its publisher has proven, and who vouches for it. */
export interface NewKey extends Vouching {
  publisherId: string;
  fingerprint: string;
  armored: string;
  expiresAt: Date | null;
}

/**
 * Registers a public key to a publisher; its own again takes over a changed expiry.
 *
 * @throws Refusal KEY_TAKEN when another publisher has it, KEY_ENDORSEMENT_REQUIRED
 */
export const registerKey = (
  knex: Knex,
  { publisherId, armored, expiresAt, ...key }: NewKey,
  origin: Origin,
  now: Date,
): Promise<{ created: boolean }> =>
  inTransaction(knex, async (trx) => {
    // Two first keys at once would each find no other.
    await trx.raw('select pg_advisory_xact_lock(hashtext(?))', [`keys:${publisherId}`]);
    const fingerprint = key.fingerprint.toUpperCase();
    const there = await trx('publisher_keys').where({ fingerprint }).first('publisher_id');
    if (there && there.publisher_id !== publisherId)
      throw refusal('KEY_TAKEN', `The key ${fingerprint} is registered to another publisher.`);
    const stored = { armored, expires_at: expiresAt };
    if (there) {
      await trx('publisher_keys').where({ fingerprint }).update(stored);
      return { created: false };
    }
    const known = await listKeys(trx, publisherId);
    refuseIfAny(checkFurtherKey(known, key, { fingerprint, publisherId }, now));
    await trx('publisher_keys').insert({
      fingerprint,
      publisher_id: publisherId,
      ...stored,
      created_at: now,
    });
    await trx('key_challenges').where({ publisher_id: publisherId, fingerprint }).del();
    const { endorsedBy = null, approvedBy = null } = key;
    const entry = { key: `key:${fingerprint}`, action: 'key.register', subject: publisherId, ...origin };
    await writeAudit(trx, { ...entry, data: { fingerprint, endorsedBy, approvedBy } }, now);
    return { created: true };
  });

/** A revocation by the key's publisher or by an operator. */
export interface Revocation {
  publisherId: string;
  fingerprint: string;
  reason: RevocationReason;
  note?: string | undefined;
}

/**
 * Ends a key: nothing is published with it from now on. Revoked already, only a worse reason changes anything.
 *
 * @param onDistrust what else happens in the transaction that first distrusts what the key signed
 * @returns whether that is what happened
 * @throws Refusal NOT_FOUND
 */
export const revokeKey = (
  knex: Knex,
  { publisherId, fingerprint: given, reason, note }: Revocation,
  origin: Origin,
  now: Date,
  onDistrust: (trx: Knex.Transaction) => Promise<void>,
): Promise<boolean> =>
  inTransaction(knex, async (trx) => {
    const fingerprint = given.toUpperCase();
    const key = { fingerprint, publisher_id: publisherId };
    const known = await trx('publisher_keys').where(key).forUpdate().first('revoked_at', 'revoked_reason');
    if (!known) throw refusal('NOT_FOUND', `There is no key ${fingerprint} of ${publisherId}.`);
    const before: KeyRevocation = { revokedAt: known.revoked_at, revokedReason: known.revoked_reason };
    if (!isWorse(before, reason)) return false;
    await trx('publisher_keys')
      .where(key)
      .update({
        revoked_at: known.revoked_at ?? now,
        ...{ revoked_reason: reason, revoked_by: origin.actor, revocation_note: note ?? null },
      });
    const entry = { key: `key:${fingerprint}:revoked:${reason}`, action: 'key.revoke', subject: publisherId };
    await writeAudit(trx, { ...entry, ...origin, data: { fingerprint, reason, note: note ?? '' } }, now);
    if (!isDistrusted({ revokedAt: now, revokedReason: reason })) return false;
    await onDistrust(trx);
    return true;
  });

/** How a key was revoked; undefined when nobody registered it. */
export async function findRevocation(
  knex: Knex,
  fingerprint: string | null,
): Promise<KeyRevocation | undefined> {
  const row = await knex('publisher_keys')
    .where({ fingerprint: fingerprint?.toUpperCase() ?? '' })
    .first('revoked_at', 'revoked_reason');
  return row && { revokedAt: row.revoked_at, revokedReason: row.revoked_reason };
}

/** Every key of a publisher, revoked ones included, in the order of registration. */
export const listKeys = (knex: Knex, publisherId: string): Promise<PublisherKey[]> =>
  knex('publisher_keys').where({ publisher_id: publisherId }).orderBy(['created_at', 'fingerprint']).select({
    fingerprint: 'fingerprint',
    armored: 'armored',
    expiresAt: 'expires_at',
    revokedAt: 'revoked_at',
    revokedReason: 'revoked_reason',
  });
