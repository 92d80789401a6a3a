import { Refusal, problem, refuseIfAny } from '../../core/errors/errors';
import { writeChallenge } from '../../core/identity/keyChallenge';
import { checkCandidate } from '../../core/identity/keys';
import { examinePublicKey, readRevocationCertificate, type ExaminedKey } from '../../pxp/publicKeys';
import { verifyDetached } from '../../pxp/verifySignature';

export { readRevocationCertificate };
export type { ExaminedKey };

/**
 * Reads an armored public key that may be registered. Private keys are refused before anything of them is kept.
 *
 * @throws Refusal KEY_INVALID, KEY_WEAK, KEY_FUTURE, KEY_EXPIRED
 */
export async function readArmoredKey(armored: string, now: Date): Promise<ExaminedKey> {
  const key = await examinePublicKey(armored);
  refuseIfAny(checkCandidate(key, now));
  return key;
}

/** A registration that is to be proven. */
interface Registration {
  publisherId: string;
  fingerprint: string;
  nonce: string;
}

/**
 * Which of some keys signed the challenge of a registration.
 *
 * @returns its fingerprint
 * @throws Refusal KEY_UNPROVEN when none of them did, or not this challenge
 */
export async function verifyChallenge(
  registration: Registration,
  { signature, keys, pointer }: { signature: string; keys: readonly string[]; pointer: string },
  now: Date,
): Promise<string> {
  const text = new TextEncoder().encode(writeChallenge(registration));
  try {
    return (await verifyDetached(text, signature, keys, now)).fingerprint;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const detail = `The challenge of the key ${registration.fingerprint} is not signed as it must be: ${error.message}`;
    throw new Refusal([problem('KEY_UNPROVEN', detail, pointer)], { cause: error });
  }
}
