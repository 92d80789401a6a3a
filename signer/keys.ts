import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  type KeyObject,
} from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { Key, Signature } from '@tufjs/models';
import { canonicalJson } from '../core/canonicalJson';
import { refusal } from '../core/errors/errors';
import { replaceFile } from '../platform/files/durable';

/** A key that signs metadata, with the public half as root metadata names it. */
export interface SigningKey {
  key: Key;
  sign(data: Buffer): Signature;
}

/** The DER of an Ed25519 public key ends with its 32 bytes. */
const RAW_BYTES = 32;

function toSigningKey(secret: KeyObject): SigningKey {
  const der = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  const keyVal = { public: der.subarray(-RAW_BYTES).toString('hex') };
  const described = { keytype: 'ed25519', scheme: 'ed25519', keyval: keyVal };
  const keyID = createHash('sha256').update(canonicalJson(described)).digest('hex');
  const key = new Key({ keyID, keyType: 'ed25519', scheme: 'ed25519', keyVal });
  return {
    key,
    sign: (data) => new Signature({ keyID, sig: sign(undefined, data, secret).toString('hex') }),
  };
}

/** Makes an Ed25519 key and writes its private half to a file that only its owner can read. */
export async function createSigningKey(file: string): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await replaceFile(file, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
  return toSigningKey(privateKey);
}

/** Reads a signing key. @throws Refusal TRUST_KEY_UNUSABLE where it is missing, open to others, or another kind */
export async function readSigningKey(file: string): Promise<SigningKey> {
  const unusable = (why: string) => refusal('TRUST_KEY_UNUSABLE', `The signing key ${file} ${why}.`);
  const found = await stat(file).catch(() => undefined);
  if (!found) throw unusable('is not there');
  // Windows has no such permissions.
  if (process.platform !== 'win32' && (found.mode & 0o077) !== 0) throw unusable('can be read by others');
  try {
    const secret = createPrivateKey(await readFile(file, 'utf8'));
    if (secret.asymmetricKeyType === 'ed25519') return toSigningKey(secret);
  } catch {
    // What is no key is said below; a parser's words would quote from it.
  }
  throw unusable('holds no Ed25519 key');
}
