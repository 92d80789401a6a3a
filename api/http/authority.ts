import type { Request } from 'express';
import { checkScope, type Scope, type Subject } from '../../core/access';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import type { Access } from './route';

/** Longer than any token; what is longer is not even looked up. */
const MAX_TOKEN_LENGTH = 512;

/** Whom a token speaks for; undefined when it is unknown, expired or revoked. */
export type FindSubject = (token: string) => Promise<Subject | undefined>;
/** Hears whose token lacks the scope that a route asks for, before the call is refused. */
export type OnDenied = (subject: Subject, scope: Scope) => Promise<void>;

/**
 * Whom the request's bearer token speaks for; undefined on public routes.
 *
 * @throws Refusal TOKEN_MISSING or TOKEN_INVALID (401), SCOPE_MISSING (403)
 */
export async function authorise(
  request: Request,
  access: Access,
  { findSubject, onDenied }: { findSubject: FindSubject; onDenied: OnDenied },
): Promise<Subject | undefined> {
  if (access === 'public') return undefined;
  const subject = await findSubject(readToken(request));
  if (!subject) throw refusal('TOKEN_INVALID', 'The bearer token is unknown, expired or revoked.');
  if (access === 'token') return subject;
  const problems = checkScope(subject, access);
  if (problems.length > 0) await onDenied(subject, access);
  refuseIfAny(problems);
  return subject;
}

/** The bearer token of a request. @throws Refusal TOKEN_MISSING, TOKEN_INVALID */
export function readToken(request: Request): string {
  const header = request.headers.authorization;
  if (header === undefined) throw refusal('TOKEN_MISSING', 'The request has no Authorization header.');
  const [, token] = /^Bearer +([\x21-\x7e]+)$/i.exec(header) ?? [];
  if (token && token.length <= MAX_TOKEN_LENGTH) return token;
  throw refusal('TOKEN_INVALID', 'The Authorization header does not have the form Bearer <token>.');
}
