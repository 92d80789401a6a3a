import type { Request } from 'express';
import { Refusal } from '../../core/errors/errors';
import type { Subject } from '../../core/access';
import type { AddressLimit } from './addressLimit';
import { authorise, type FindSubject, type OnDenied } from './authority';
import type { Access } from './route';

/**
 * Whom a request speaks for; undefined on public routes. A call without a valid token counts against its address,
 * on public routes as well. One with a valid token never does, so that nobody who shares an address is locked out.
 *
 * @throws Refusal as authorise does; RATE_LIMITED
 */
export async function admit(
  request: Request,
  access: Access,
  gate: { findSubject: FindSubject; onDenied: OnDenied; addresses: AddressLimit },
): Promise<Subject | undefined> {
  const address = request.ip ?? '';
  if (access === 'public') {
    if (!(await hasValidToken(request, gate))) gate.addresses.take(address);
    return undefined;
  }
  try {
    return await authorise(request, access, gate);
  } catch (error) {
    if (isWithoutToken(error)) gate.addresses.take(address);
    throw error;
  }
}

/** Looked up only where a public route is sent one. */
async function hasValidToken(request: Request, gate: Parameters<typeof authorise>[2]): Promise<boolean> {
  if (request.headers.authorization === undefined) return false;
  try {
    return (await authorise(request, 'token', gate)) !== undefined;
  } catch (error) {
    if (isWithoutToken(error)) return false;
    throw error;
  }
}

const isWithoutToken = (error: unknown): boolean =>
  error instanceof Refusal && (error.code === 'TOKEN_MISSING' || error.code === 'TOKEN_INVALID');
