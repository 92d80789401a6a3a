import type { KeyToRegister } from '../../../sdk/identity/keys';
import { generateSigningKey, signDetached, type SigningKey } from '../../../pxp/signing';

/** A new signing key. Making one is slow: a test file shares `signingKey` where any key will do. */
export const createKey = (now?: Date): Promise<SigningKey> =>
  generateSigningKey({ name: 'Example', email: 'dev@example.com', ...(now ? { now } : {}) });

let shared: Promise<SigningKey> | undefined;

/** The key that a test file shares; older than any package. */
export const signingKey = (): Promise<SigningKey> => (shared ??= createKey(new Date('2026-01-01')));

/** Signs with that key, or with another. */
export async function sign(bytes: Uint8Array, key?: SigningKey): Promise<string> {
  return await signDetached(bytes, (key ?? (await signingKey())).privateKeyArmored);
}

/** A key as a client registers it, with another one of the publisher that vouches for it where that is asked for. */
export const toRegister = (key: SigningKey, endorser?: SigningKey): KeyToRegister => ({
  armored: key.publicKeyArmored,
  fingerprint: key.fingerprint,
  sign: (bytes) => sign(bytes, key),
  endorse: async (bytes) => (endorser ? await sign(bytes, endorser) : undefined),
});
