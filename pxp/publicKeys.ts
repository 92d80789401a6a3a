import { revokeKey, type Key } from 'openpgp';
import { Refusal, problem } from '../core/errors/errors';
import { toRevocationReason, type CandidateKey, type RevocationReason } from '../core/identity/keys';
import { readPublicKey } from './signing';

/** A public key as it is registered. */
export interface ExaminedKey extends CandidateKey {
  /** Without its revocations, whose meaning depends on their reason: the platform tells that itself. */
  armored: string;
  /** The worst of its own revocations that verify. */
  revokedReason: RevocationReason | null;
}

/** Keys that only decrypt say nothing about signatures. */
const DECRYPTING = ['ecdh', 'x25519', 'x448', 'elgamal', 'rsaEncrypt', 'aedh'];

/** Reads a public key with its expiry, its algorithms and its revocations. @throws Refusal with KEY_INVALID */
export async function examinePublicKey(armored: string): Promise<ExaminedKey> {
  const key = await readPublicKey(armored);
  const revokedReason = await readRevocation(key);
  key.revocationSignatures = [];
  const expiry = await key.getExpirationTime();
  // null: no self-signature that holds, so nobody can say whose key it is and until when.
  if (expiry === null) throw new Refusal([problem('KEY_INVALID', 'The key has no valid self-signature.')]);
  const signing = [key, ...key.subkeys].map((each) => each.getAlgorithmInfo());
  return {
    fingerprint: key.getFingerprint().toUpperCase(),
    createdAt: key.getCreationTime(),
    expiresAt: expiry instanceof Date ? expiry : null,
    algorithms: signing.filter(({ algorithm }, index) => index === 0 || !DECRYPTING.includes(algorithm)),
    armored: key.armor(),
    revokedReason,
  };
}

/**
 * The reason of a revocation certificate that was made with a key.
 *
 * @throws Refusal with KEY_REVOCATION_INVALID when it is another key's, or none
 */
export async function readRevocationCertificate(
  armored: string,
  revocationCertificate: string,
): Promise<RevocationReason> {
  const key = await readPublicKey(armored);
  try {
    const { publicKey } = await revokeKey({ key, revocationCertificate, format: 'object' });
    const reason = await readRevocation(publicKey);
    if (reason !== null) return reason;
  } catch {
    // Told below: what the library says helps nobody.
  }
  throw new Refusal([
    problem(
      'KEY_REVOCATION_INVALID',
      `The certificate does not revoke the key ${key.getFingerprint().toUpperCase()}.`,
      '/certificate',
    ),
  ]);
}

/** Each revocation is tried alone: of several, those that somebody else added count for nothing. */
async function readRevocation(key: Key): Promise<RevocationReason | null> {
  const all = key.revocationSignatures;
  const found: RevocationReason[] = [];
  for (const each of all) {
    key.revocationSignatures = [each];
    if (await key.isRevoked()) found.push(toRevocationReason(each.reasonForRevocationFlag));
  }
  key.revocationSignatures = all;
  return found.find((reason) => reason === 'compromised' || reason === 'unspecified') ?? found[0] ?? null;
}
