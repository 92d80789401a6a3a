import type { Request } from 'express';
import type { Knex } from 'knex';
import { findSubject, type Subject } from '../../adapters/db/identity/tokens';
import { refusal } from '../../core/errors/errors';
import type { Access, Scope } from './route';

/** Longer than any token; what is longer is not even looked up. */
const MAX_TOKEN_LENGTH = 512;

/**
 * Whom the request's bearer token speaks for; undefined on public routes.
 *
 * @throws Refusal TOKEN_MISSING or TOKEN_INVALID (401), SCOPE_MISSING (403)
 */
export async function authorise(
  request: Request,
  access: Access,
  { db, now }: { db: Knex; now: () => Date },
): Promise<Subject | undefined> {
  if (access === 'public') return undefined;
  const subject = await findSubject(db, bearerToken(request), now());
  if (!subject) throw refusal('TOKEN_INVALID', 'The bearer token is unknown, expired or revoked.');
  if (access === 'token' || mayUse(subject, access)) return subject;
  throw refusal('SCOPE_MISSING', `The token of ${subject.kind} ${subject.id} lacks the scope ${access}.`);
}

/** A tenant's routes act on the caller's own rows, so only a tenant can have any there. */
const mayUse = (subject: Subject, scope: Scope): boolean =>
  subject.scopes.includes(scope) && (scope !== 'tenant' || subject.kind === 'tenant');

function bearerToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw refusal('TOKEN_MISSING', 'The request has no Authorization header.');
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(header) ?? [];
  if (token && token.length <= MAX_TOKEN_LENGTH) return token;
  throw refusal('TOKEN_INVALID', 'The Authorization header is not of the form Bearer <token>.');
}
