import type { Request } from 'express';
import type { Knex } from 'knex';
import { findSubject } from '../../adapters/db/identity/tokens';
import { checkScope, type Subject } from '../../core/access';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import type { Access } from './route';

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
  if (access !== 'token') refuseIfAny(checkScope(subject, access));
  return subject;
}

function bearerToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw refusal('TOKEN_MISSING', 'The request has no Authorization header.');
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(header) ?? [];
  if (token && token.length <= MAX_TOKEN_LENGTH) return token;
  throw refusal('TOKEN_INVALID', 'The Authorization header does not have the form Bearer <token>.');
}
