import { createHash, randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { defaultScopes, isTokenUsable, type Subject, type SubjectKind } from '../../../core/access';

/** The part before the underscore: it tells leaked tokens apart and says nothing about their holder. */
const prefixes: Record<SubjectKind, string> = {
  publisher: 'spwpub',
  reviewer: 'spwrev',
  tenant: 'spwten',
  operator: 'spwops',
};

const TOKEN_BYTES = 32;

/** 256 random bits need no slow hash: nobody tries them through. */
const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Makes a token for a subject. Only its SHA-256 is kept, so this is the one time it can be seen. */
export async function issueToken(
  knex: Knex,
  subject: { kind: SubjectKind; id: string; scopes?: string[] },
  now: Date,
): Promise<string> {
  const token = `${prefixes[subject.kind]}_${randomBytes(TOKEN_BYTES).toString('base64url')}`;
  await ensureToken(
    knex,
    token,
    { ...subject, scopes: subject.scopes ?? [...defaultScopes[subject.kind]] },
    now,
  );
  return token;
}

/** Makes a given token valid, as for the first operator of a new stack; a repetition changes nothing. */
export async function ensureToken(knex: Knex, token: string, subject: Subject, now: Date): Promise<void> {
  await knex('api_keys')
    .insert({
      token_hash: hashToken(token),
      prefix: token.includes('_') ? token.slice(0, token.indexOf('_')) : '',
      subject_kind: subject.kind,
      subject_id: subject.id,
      scopes: subject.scopes,
      created_at: now,
    })
    .onConflict('token_hash')
    .ignore();
}

/** Whom a token speaks for, or undefined when it is unknown, revoked or expired. */
export async function findSubject(knex: Knex, token: string, now: Date): Promise<Subject | undefined> {
  const row = await knex('api_keys')
    .where({ token_hash: hashToken(token) })
    .first('subject_kind', 'subject_id', 'scopes', 'expires_at', 'revoked_at');
  if (!row || !isTokenUsable({ expiresAt: row.expires_at, revokedAt: row.revoked_at }, now)) return undefined;
  return { kind: row.subject_kind, id: row.subject_id, scopes: row.scopes };
}
