import {
  config,
  createMessage,
  decryptKey,
  generateKey,
  readKey,
  readPrivateKey,
  sign,
  type PrivateKey,
} from 'openpgp';
import { Refusal, problem } from '../core/errors/errors';

/** A new pair of keys, armored. The fingerprint is 40 upper-case hex digits. */
export interface SigningKey {
  privateKeyArmored: string;
  publicKeyArmored: string;
  fingerprint: string;
}

// Same inputs give the same bytes: no random notation in signatures [docs/package-format.md].
const DETERMINISTIC = { ...config, nonDeterministicSignaturesViaNotation: false };

const readFingerprint = (key: { getFingerprint(): string }): string => key.getFingerprint().toUpperCase();

/**
 * Makes a signing key that both this product and GnuPG 2.2 understand: `ed25519Legacy`, because 2.2
 * rejects the newer key packets.
 *
 * @param owner `expiresInSeconds` 0 or absent: never; `passphrase` encrypts the private half
 */
export async function generateSigningKey(owner: {
  name: string;
  email: string;
  passphrase?: string;
  expiresInSeconds?: number;
  now?: Date;
}): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKey({
    type: 'ecc',
    curve: 'ed25519Legacy',
    userIDs: [{ name: owner.name, email: owner.email }],
    keyExpirationTime: owner.expiresInSeconds ?? 0,
    format: 'object',
    // A key is valid from its own second on; rounding down keeps "now" from preceding it.
    date: new Date(Math.floor((owner.now?.getTime() ?? Date.now()) / 1000) * 1000),
    ...(owner.passphrase === undefined ? {} : { passphrase: owner.passphrase }),
  });
  return {
    privateKeyArmored: privateKey.armor(),
    publicKeyArmored: publicKey.armor(),
    fingerprint: readFingerprint(publicKey),
  };
}

/** Fingerprint and dates of an armored public key. @throws Refusal with KEY_INVALID */
export async function describePublicKey(armored: string): Promise<{
  fingerprint: string;
  userIds: string[];
  createdAt: string;
  expiresAt: string | null;
}> {
  const key = await readPublicKey(armored);
  const expiry = await key.getExpirationTime();
  return {
    fingerprint: readFingerprint(key),
    userIds: key.getUserIDs(),
    createdAt: key.getCreationTime().toISOString(),
    expiresAt: expiry instanceof Date ? expiry.toISOString() : null,
  };
}

/** Reads a public key; a private one is refused, so that nobody stores it by mistake. */
export async function readPublicKey(armored: string) {
  const key = await readKey({ armoredKey: armored }).catch((error: unknown) => {
    throw new Refusal([problem('KEY_INVALID', 'The text is not an armored OpenPGP public key.')], {
      cause: error,
    });
  });
  if (key.isPrivate())
    throw new Refusal([problem('KEY_INVALID', 'This is a private key; send the public key.')]);
  return key;
}

/**
 * Signs bytes: an armored, detached, binary OpenPGP signature.
 *
 * Without `signedAt` the signature bears the key's creation time, so that packing twice gives the same
 * bytes; when a release was submitted is for the platform to record, not for the publisher to claim.
 *
 * @throws Refusal with SIGNING_KEY_UNUSABLE when the key cannot be read or unlocked
 */
export async function signDetached(
  bytes: Uint8Array,
  privateKeyArmored: string,
  options: { passphrase?: string; signedAt?: Date } = {},
): Promise<string> {
  const key = await unlock(privateKeyArmored, options.passphrase);
  return await sign({
    message: await createMessage({ binary: bytes }),
    signingKeys: key,
    detached: true,
    date: options.signedAt ?? key.getCreationTime(),
    config: DETERMINISTIC,
  });
}

async function unlock(armored: string, passphrase: string | undefined): Promise<PrivateKey> {
  try {
    const key = await readPrivateKey({ armoredKey: armored });
    return key.isDecrypted() ? key : await decryptKey({ privateKey: key, passphrase: passphrase ?? '' });
  } catch {
    // The cause stays out: it may quote key material.
    throw new Refusal([problem('SIGNING_KEY_UNUSABLE', 'The private key cannot be read or unlocked.')]);
  }
}
