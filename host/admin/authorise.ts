import { createHash, timingSafeEqual } from 'node:crypto';
import type { RequestHandler } from 'express';
import { refusal } from '../../core/errors/errors';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Requires the host's admin token; digests are compared in constant time, so that timing reveals nothing. */
export function authorise(token: string): RequestHandler {
  const expected = digest(token);
  return (request, _response, next) => {
    const [, shown] = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '') ?? [];
    if (shown === undefined) throw refusal('TOKEN_MISSING', 'The request has no bearer token.');
    if (!timingSafeEqual(digest(shown), expected))
      throw refusal('TOKEN_INVALID', "The bearer token is not this host's admin token.");
    next();
  };
}
