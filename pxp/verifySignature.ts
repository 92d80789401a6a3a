import { createMessage, enums, readSignature, verify, type PublicKey, type Signature } from 'openpgp';
import { Refusal, refusal } from '../core/errors/errors';
import { readPublicKey } from './signing';

/** Whose signature it is: fingerprint of the primary key, and the time that the signature claims. */
export interface Signer {
  fingerprint: string;
  signedAt: string;
}

/**
 * Verifies an armored detached signature over the exact bytes, against keys that the caller trusts.
 * The key must be usable at `now`: neither expired nor revoked.
 *
 * @param laterMs by how much the clock that made key and signature may be ahead of `now`, in milliseconds
 * @param publicKeys armored public keys, any of which may have signed
 * @throws Refusal with SIGNATURE_INVALID, SIGNATURE_UNKNOWN_KEY, SIGNATURE_KEY_EXPIRED,
 *   SIGNATURE_KEY_REVOKED, or KEY_INVALID for a key that cannot be read
 */
export async function verifyDetached(
  bytes: Uint8Array,
  armoredSignature: string,
  publicKeys: readonly string[],
  now: Date = new Date(),
  laterMs = 0,
): Promise<Signer> {
  const signature = await readOnlySignature(armoredSignature);
  const keys = await Promise.all(publicKeys.map(readPublicKey));
  const key = keys.find((each) => hasSigned(each, signature));
  if (!key)
    throw refusal(
      'SIGNATURE_UNKNOWN_KEY',
      `The package is signed by the key ${readIssuer(signature)}, which is not trusted.`,
    );
  await checkUsable(key, now);
  const latest = new Date(now.getTime() + laterMs);
  if (key.getCreationTime() > latest) throw invalid(describeEarly(key, now));
  if (
    !(await belongs(bytes, signature, key, now)) &&
    !(laterMs > 0 && (await belongs(bytes, signature, key, latest)))
  )
    throw invalid('The signature does not belong to these bytes.');
  const created = signature.packets[0]?.created ?? now;
  return { fingerprint: key.getFingerprint().toUpperCase(), signedAt: created.toISOString() };
}

/** Exactly one signature, and one over bytes: anything beside it could be swapped unseen. */
async function readOnlySignature(armored: string): Promise<Signature> {
  const signature = await readSignature({ armoredSignature: armored }).catch((error: unknown) => {
    throw invalid('The signature cannot be read as an armored OpenPGP signature.', error);
  });
  const [packet] = signature.packets;
  if (signature.packets.length !== 1 || packet?.signatureType !== enums.signature.binary) {
    throw invalid('There must be exactly one detached binary signature.');
  }
  return signature;
}

const invalid = (detail: string, cause?: unknown): Refusal =>
  new Refusal([{ code: 'SIGNATURE_INVALID', detail }], { cause });

const readIssuer = (signature: Signature): string =>
  signature.getSigningKeyIDs()[0]?.toHex().toUpperCase() ?? 'unknown';

const hasSigned = (key: PublicKey, signature: Signature): boolean =>
  signature.getSigningKeyIDs().some((id) => key.getKeys(id).length > 0);

async function checkUsable(key: PublicKey, now: Date): Promise<void> {
  const name = key.getFingerprint().toUpperCase();
  if (await key.isRevoked(undefined, undefined, now))
    throw refusal('SIGNATURE_KEY_REVOKED', `The key ${name} was revoked.`);
  const expiry = await key.getExpirationTime();
  // null: no valid self-signature, so nobody can say until when the key holds.
  if (expiry === null || expiry <= now)
    throw refusal('SIGNATURE_KEY_EXPIRED', `The key ${name} has expired.`);
}

const describeEarly = (key: PublicKey, now: Date): string =>
  `The key ${key.getFingerprint().toUpperCase()} was made at ${key.getCreationTime().toISOString()}, but by the clock of this machine it is ${now.toISOString()}.`;

/** Whether key and signature fit the bytes, as of a moment. */
async function belongs(
  bytes: Uint8Array,
  signature: Signature,
  key: PublicKey,
  date: Date,
): Promise<boolean> {
  const message = await createMessage({ binary: bytes });
  try {
    const { signatures } = await verify({
      message,
      signature,
      verificationKeys: [key],
      date,
      expectSigned: true,
    });
    await signatures[0]?.verified;
    return true;
  } catch {
    return false;
  }
}
