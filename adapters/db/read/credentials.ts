import { createHash } from 'node:crypto';
import type { Knex } from 'knex';

/** Whom a token speaks for. */
export interface Subject {
  /** Id of the token itself, for limits and logs; never the token. */
  tokenId: string;
  kind: 'publisher' | 'reviewer' | 'tenant' | 'operator';
  id: string;
  scopes: string[];
}

/**
 * The subject of a token that is neither revoked nor expired. Tokens are looked up by their SHA-256,
 * so the time that takes tells nothing of the token.
 */
export async function findSubject(knex: Knex, token: string, now: Date): Promise<Subject | undefined> {
  const found = (await knex('api_keys')
    .where({ token_hash: createHash('sha256').update(token).digest() })
    .whereNull('revoked_at')
    .where((valid) => valid.whereNull('expires_at').orWhere('expires_at', '>', now))
    .first({ tokenId: 'id', kind: 'subject_kind', id: 'subject_id', scopes: 'scopes' })) as
    Subject | undefined;
  return found;
}
