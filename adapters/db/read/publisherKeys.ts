import type { Knex } from 'knex';
import type { PublisherKeys } from '../../../contracts/http';
import { isoOrNull } from './releaseView';

/** Keys of a publisher, revoked ones too: a host must know that they are. */
export async function listPublisherKeys(knex: Knex, publisherId: string): Promise<PublisherKeys['keys']> {
  const rows: { fingerprint: string; armored: string; expires_at: Date | null; revoked_at: Date | null }[] =
    await knex('publisher_keys')
      .where({ publisher_id: publisherId })
      .orderBy('created_at')
      .select('fingerprint', 'armored', 'expires_at', 'revoked_at');
  return rows.map(({ fingerprint, armored, expires_at, revoked_at }) => ({
    fingerprint,
    armored,
    expiresAt: isoOrNull(expires_at),
    revokedAt: isoOrNull(revoked_at),
  }));
}
