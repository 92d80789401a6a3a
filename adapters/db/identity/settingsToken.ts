import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { isTokenUsable, type Subject } from '../../../core/access';
import { PLATFORM } from '../../../core/ids';
import { hashToken } from '../../identity/tokenHash';
import { writeAudit } from '../audit/audit';
import { inTransaction } from '../transaction';
import { toRow } from './tokens';

/** What became of the token of the settings: `ended` is one that was revoked, and stays so. */
export type Admission = 'admitted' | 'known' | 'ended';

/**
 * Makes the operator's token of the settings valid, and ends the one that was in the settings before it. A token
 * that was ended never comes back: a process that still has old settings changes nothing.
 */
export const admitSettingsToken = (
  knex: Knex,
  token: string,
  operator: Subject,
  now: Date,
): Promise<Admission> =>
  inTransaction(knex, async (trx) => {
    const row = { ...toRow(token, operator, now), from_settings: true };
    const added = await trx('api_keys').insert(row).onConflict('token_hash').ignore().returning('id');
    const there = await trx('api_keys')
      .where({ token_hash: hashToken(token) })
      .first('revoked_at', 'expires_at');
    if (!there || !isTokenUsable({ revokedAt: there.revoked_at, expiresAt: there.expires_at }, now))
      return 'ended';
    await endOthers(trx, token, now);
    return added.length > 0 ? 'admitted' : 'known';
  });

async function endOthers(trx: Knex.Transaction, token: string, now: Date): Promise<void> {
  const ended = await trx('api_keys')
    .where({ from_settings: true })
    .whereNot({ token_hash: hashToken(token) })
    .whereNull('revoked_at')
    .update({ revoked_at: now, revoked_reason: 'rotated', revoked_by: PLATFORM })
    .returning(['id', 'subject_id']);
  const origin: Origin = { actor: PLATFORM, requestId: 'settings' };
  for (const { id, subject_id: subject } of ended) {
    await writeAudit(
      trx,
      { key: `token:${id}:ended`, action: 'token.revoke', subject, ...origin, data: { reason: 'rotated' } },
      now,
    );
  }
}
