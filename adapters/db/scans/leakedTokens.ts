import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import { tokenLeaked, type LeakedToken } from '../../../core/scans/notices';
import { writeAudit } from '../audit/audit';
import { outboxKey, queueMessage } from '../notifications/outbox';
import type { ReleaseRecord } from '../releases/record';
import { inTransaction } from '../transaction';

/**
 * Revokes the tokens that an upload holds, and tells their holders and the operators. Texts that only look like
 * a token match no row, so nothing is revoked by them.
 *
 * @param hashes SHA-256 of what the upload holds: the texts themselves go nowhere
 */
export const revokeLeaked = (
  knex: Knex,
  release: ReleaseRecord,
  hashes: readonly Buffer[],
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const leaked: LeakedToken[] = await trx('api_keys')
      .whereIn('token_hash', [...hashes])
      .whereNull('revoked_at')
      .update({ revoked_at: now, revoked_reason: 'leaked', revoked_by: PLATFORM })
      .returning(['id as tokenId', 'subject_kind as kind', 'subject_id as id']);
    for (const token of leaked) await tellOf(trx, release, token, now);
  });

async function tellOf(
  trx: Knex.Transaction,
  release: ReleaseRecord,
  token: LeakedToken,
  now: Date,
): Promise<void> {
  const { tokenId, kind, id } = token;
  const { releaseId, versionId } = release;
  const data = { tokenId, reason: 'leaked', versionId };
  const entry = { key: `token:${tokenId}:ended`, action: 'token.revoke', subject: id, data };
  await writeAudit(trx, { ...entry, actor: PLATFORM, requestId: releaseId }, now);
  const body = tokenLeaked(release, token);
  const operators = { kind: 'operator' as const, id: 'operators' };
  for (const recipient of kind === 'operator' ? [operators] : [{ kind, id }, operators]) {
    const key = outboxKey('token-leaked', tokenId, `${recipient.kind}:${recipient.id}`);
    await queueMessage(trx, { key, recipient, releaseId, body }, now);
  }
}
