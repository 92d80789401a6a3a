import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { refusal } from '../../../core/errors/errors';
import { APPROVAL_LIFETIME_MS, CHALLENGE_LIFETIME_MS } from '../../../core/identity/keyChallenge';
import { writeAudit } from '../audit/audit';
import { isForeignKeyViolation, inTransaction } from '../transaction';

/** A key that a publisher is about to register. */
export interface Registration {
  publisherId: string;
  fingerprint: string;
}

const toRow = ({ publisherId, fingerprint }: Registration) => ({
  publisher_id: publisherId,
  fingerprint: fingerprint.toUpperCase(),
});

/** Makes a challenge for a registration, in place of the one before. */
export async function openChallenge(
  knex: Knex,
  registration: Registration,
  now: Date,
): Promise<{ nonce: string; expiresAt: Date }> {
  const nonce = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + CHALLENGE_LIFETIME_MS);
  await knex('key_challenges')
    .insert({ ...toRow(registration), nonce, nonce_expires_at: expiresAt, created_at: now })
    .onConflict(['publisher_id', 'fingerprint'])
    .merge({ nonce, nonce_expires_at: expiresAt, created_at: now });
  return { nonce, expiresAt };
}

/**
 * Takes the open challenge of a registration: whatever comes of it, it is not taken again.
 *
 * @returns with the operator who approves the registration, if one does
 * @throws Refusal KEY_CHALLENGE_UNKNOWN
 */
export const takeChallenge = (
  knex: Knex,
  registration: Registration,
  now: Date,
): Promise<{ nonce: string; approvedBy: string | undefined }> =>
  inTransaction(knex, async (trx) => {
    const row = await trx('key_challenges').where(toRow(registration)).forUpdate().first();
    if (!row?.nonce || !row.nonce_expires_at || row.nonce_expires_at <= now) {
      const detail = `There is no open challenge of ${registration.publisherId} for the key ${registration.fingerprint}.`;
      throw refusal('KEY_CHALLENGE_UNKNOWN', detail);
    }
    await trx('key_challenges').where(toRow(registration)).update({ nonce: null, nonce_expires_at: null });
    const isApproved = row.approved_until !== null && row.approved_until > now;
    return { nonce: row.nonce, approvedBy: isApproved ? (row.approved_by ?? undefined) : undefined };
  });

/**
 * Lets a publisher register a key without the signature of another one, for a day.
 *
 * @throws Refusal NOT_FOUND
 */
export const approveKey = (
  knex: Knex,
  registration: Registration,
  origin: Origin,
  now: Date,
): Promise<{ approvedUntil: Date }> =>
  inTransaction(knex, async (trx) => {
    const row = toRow(registration);
    const approvedUntil = new Date(now.getTime() + APPROVAL_LIFETIME_MS);
    const approval = { approved_by: origin.actor, approved_until: approvedUntil };
    await trx('key_challenges')
      .insert({ ...row, ...approval, created_at: now })
      .onConflict(['publisher_id', 'fingerprint'])
      .merge(approval)
      .catch((error: unknown) => {
        if (!isForeignKeyViolation(error, 'key_challenges_publisher_id_foreign')) throw error;
        throw refusal('NOT_FOUND', `There is no publisher ${registration.publisherId}.`);
      });
    const key = `key:${row.fingerprint}:approved:${registration.publisherId}:${now.toISOString()}`;
    const entry = { key, action: 'key.approve', subject: registration.publisherId, ...origin };
    await writeAudit(trx, { ...entry, data: { fingerprint: row.fingerprint } }, now);
    return { approvedUntil };
  });
