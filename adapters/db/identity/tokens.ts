import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { defaultScopes, isTokenUsable, type Subject, type SubjectKind } from '../../../core/access';
import { isUseToNote, tokenLifetimesMs, tokenPrefixes } from '../../../core/identity/tokens';
import { hashToken } from '../../identity/tokenHash';

const TOKEN_BYTES = 32;

/** What a token may be issued with. */
export interface TokenOptions {
  /** Who has the token; the subject's own id when nobody is named. */
  person?: string | undefined;
  /** Milliseconds until it expires; by default as long as its kind of subject has. */
  lifetimeMs?: number | undefined;
}

/** A new token with what is known of it. */
export interface IssuedToken {
  tokenId: string;
  token: string;
  person: string;
  expiresAt: Date;
}

/** Makes a token for a subject. Only its SHA-256 is kept, so this is the one time it can be seen. */
export async function issueToken(
  knex: Knex,
  subject: { kind: SubjectKind; id: string },
  options: TokenOptions,
  now: Date,
): Promise<IssuedToken> {
  const { kind, id } = subject;
  const token = `${tokenPrefixes[kind]}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  const person = options.person ?? id;
  const expiresAt = new Date(now.getTime() + (options.lifetimeMs ?? tokenLifetimesMs[kind]));
  const row = toRow(token, { kind, id, scopes: [...defaultScopes[kind]] }, now);
  const [added] = await knex('api_keys')
    .insert({ ...row, person, expires_at: expiresAt })
    .returning('id');
  if (!added) throw new Error('The token was not written.');
  return { tokenId: added.id, token, person, expiresAt };
}

/** A row of the table for a given token. */
export const toRow = (token: string, { kind, id, scopes }: Subject, now: Date) => ({
  token_hash: hashToken(token),
  prefix: token.includes('_') ? token.slice(0, token.indexOf('_')) : '',
  subject_kind: kind,
  subject_id: id,
  scopes,
  created_at: now,
});

/**
 * Whom a token speaks for, or undefined when it is unknown, revoked or expired. That it was used is noted at most
 * once a minute.
 */
export async function findSubject(knex: Knex, token: string, now: Date): Promise<Subject | undefined> {
  const row = await knex('api_keys')
    .where({ token_hash: hashToken(token) })
    .first('id', 'subject_kind', 'subject_id', 'scopes', 'expires_at', 'revoked_at', 'last_used_at');
  if (!row || !isTokenUsable({ expiresAt: row.expires_at, revokedAt: row.revoked_at }, now)) return undefined;
  if (isUseToNote(row.last_used_at, now)) await noteUse(knex, row, now);
  return { kind: row.subject_kind, id: row.subject_id, scopes: row.scopes };
}

/** Of many requests at once, one writes: the others find another moment than they read. */
async function noteUse(
  knex: Knex,
  { id, last_used_at }: { id: string; last_used_at: Date | null },
  now: Date,
): Promise<void> {
  await knex('api_keys')
    .where({ id })
    .whereRaw('last_used_at is not distinct from ?::timestamptz', [last_used_at])
    .update({ last_used_at: now });
}
