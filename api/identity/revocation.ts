import type { Knex } from 'knex';
import { revokeKey, type Revocation } from '../../adapters/db/identity/keys';
import type { Origin } from '../../contracts/audit/origin';
import type { RevocationReason } from '../../core/identity/keys';
import type { RouteDependencies } from '../http/dependencies';

/** What follows from distrusting a key, for what it signed; given by who knows of releases. */
export interface DistrustHandler {
  /** Part of the transaction that revokes the key. */
  hold(
    trx: Knex.Transaction,
    key: { fingerprint: string; reason: RevocationReason },
    origin: Origin,
    now: Date,
  ): Promise<readonly Held[]>;
  /** After it, for what was held by it. */
  stop(held: readonly Held[], origin: Origin): Promise<void>;
}

export interface Held {
  releaseId: string;
  versionId: string;
  state: string;
}

/** Revokes a key, and holds what it signed where the reason asks for that. @throws Refusal NOT_FOUND */
export async function revoke(
  { db, now }: Pick<RouteDependencies, 'db' | 'now'>,
  distrust: DistrustHandler,
  revocation: Revocation,
  origin: Origin,
): Promise<{ held: number }> {
  const at = now();
  const key = { fingerprint: revocation.fingerprint.toUpperCase(), reason: revocation.reason };
  const held =
    (await revokeKey(db, revocation, origin, at, (trx) => distrust.hold(trx, key, origin, at))) ?? [];
  await distrust.stop(held, origin);
  return { held: held.length };
}
