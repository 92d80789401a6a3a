import { takeChallenge } from '../../adapters/db/identity/challenges';
import { listKeys, registerKey, type PublisherKey } from '../../adapters/db/identity/keys';
import { readArmoredKey, verifyChallenge, type ExaminedKey } from '../../adapters/identity/publicKeys';
import type { KeyInput } from '../../contracts/identity/keys';
import { refusal } from '../../core/errors/errors';
import { isValidKey, type RevocationReason, type Vouching } from '../../core/identity/keys';
import type { RouteDependencies } from '../http/dependencies';
import type { Caller } from '../http/route';
import { revoke, type DistrustHandler } from './revocation';

type Deps = Pick<RouteDependencies, 'db' | 'now'>;

/**
 * Registers a key that the caller proves to have, and for which one of the publisher's keys or an operator
 * vouches. A key that is registered to the publisher needs no proof: what may have changed of it, its expiry and its
 * revocation, it has signed itself.
 *
 * @throws Refusal KEY_INVALID, KEY_WEAK, KEY_FUTURE, KEY_EXPIRED, KEY_UNPROVEN, KEY_CHALLENGE_UNKNOWN,
 *   KEY_ENDORSEMENT_REQUIRED, KEY_TAKEN
 */
export async function register(
  deps: Deps,
  distrust: DistrustHandler,
  input: KeyInput,
  { publisherId, ...caller }: Caller & { publisherId: string },
): Promise<{
  created: boolean;
  fingerprint: string;
  publisherId: string;
  revokedReason: RevocationReason | null;
}> {
  const key = await readArmoredKey(input.armored, deps.now());
  const { fingerprint, armored, expiresAt, revokedReason } = key;
  const known = await listKeys(deps.db, publisherId);
  const isKnown = known.some((each) => each.fingerprint === fingerprint);
  const vouching = isKnown ? {} : await prove(deps, key, input, { publisherId, known });
  const newKey = { publisherId, fingerprint, armored, expiresAt, ...vouching };
  const { created } = await caller.inName((trx) => registerKey(trx, newKey, caller.origin, deps.now()));
  if (revokedReason !== null)
    await revoke(deps, distrust, { publisherId, fingerprint, reason: revokedReason }, caller);
  return { created, fingerprint, publisherId, revokedReason };
}

/** Who vouches for a key, once its owner has proven to have it. */
async function prove(
  { db, now }: Deps,
  { fingerprint, armored }: ExaminedKey,
  { proof, endorsement }: KeyInput,
  { publisherId, known }: { publisherId: string; known: readonly PublisherKey[] },
): Promise<Vouching> {
  if (proof === undefined)
    throw refusal('KEY_UNPROVEN', `The key ${fingerprint} was sent without a proof.`, '/proof');
  const at = now();
  const { nonce, approvedBy } = await takeChallenge(db, { publisherId, fingerprint }, at);
  const registration = { publisherId, fingerprint, nonce };
  await verifyChallenge(registration, { signature: proof, keys: [armored], pointer: '/proof' }, at);
  if (endorsement === undefined) return { approvedBy };
  const keys = known.filter((key) => isValidKey(key, at)).map((key) => key.armored);
  const endorsed = { signature: endorsement, keys, pointer: '/endorsement' };
  return { approvedBy, endorsedBy: await verifyChallenge(registration, endorsed, at) };
}
