import type { Knex } from 'knex';
import { revokeKey, type Revocation } from '../../adapters/db/identity/keys';
import type { Origin } from '../../contracts/audit/origin';
import type { RouteDependencies } from '../http/dependencies';
import type { Caller } from '../http/route';

/** What follows from distrusting a key, for what it signed; given by who knows of releases. */
export interface DistrustHandler {
  /** Withholds what the key signed; part of the transaction that revokes the key. */
  restrict(trx: Knex.Transaction, key: Revocation, origin: Origin, now: Date): Promise<void>;
  /** After it: stops the rollouts of what is withheld, and says of how many listed versions that is. */
  stop(fingerprint: string, caller: Caller): Promise<number>;
}

/** Revokes a key, and withholds what it signed where the reason asks for that. @throws Refusal NOT_FOUND */
export async function revoke(
  { db, now }: Pick<RouteDependencies, 'db' | 'now'>,
  distrust: DistrustHandler,
  revocation: Revocation,
  caller: Caller,
): Promise<{ withheld: number }> {
  const { origin } = caller;
  const at = now();
  const key = { ...revocation, fingerprint: revocation.fingerprint.toUpperCase() };
  const isDistrusted = await revokeKey(db, key, origin, at, (trx) => distrust.restrict(trx, key, origin, at));
  return { withheld: isDistrusted ? await distrust.stop(key.fingerprint, caller) : 0 };
}
