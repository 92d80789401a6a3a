import { stat } from 'node:fs/promises';
import { Refusal, refusal, type Problem } from '../../core/errors/errors';
import { describePublicKey, signDetached } from '../../pxp/signing';
import { profileFiles, readKey, type SigningConfig } from './profileFiles';

/** A profile that can sign now. */
export interface Signer {
  profile: string;
  fingerprint: string;
  publicKey: string;
  /** An armored detached signature over some bytes. */
  sign(bytes: Uint8Array): Promise<string>;
}

/**
 * Opens a profile and proves that it can sign, before anything is packed.
 *
 * @throws Refusal SIGNING_PROFILE_MISSING, SIGNING_KEY_EXPOSED, SIGNATURE_KEY_EXPIRED or SIGNING_KEY_UNUSABLE
 */
export async function openSigner(signing: SigningConfig, now: Date): Promise<Signer> {
  const files = profileFiles(signing);
  const [privateKey, publicKey] = await Promise.all([readKey(files.privateKey), readKey(files.publicKey)]);
  if (privateKey === undefined || publicKey === undefined) {
    const detail = `There is no signing profile "${signing.profile}" in ${signing.home}.`;
    throw refusal('SIGNING_PROFILE_MISSING', detail);
  }
  await refuseExposed(files.privateKey);
  const { fingerprint, expiresAt } = await describePublicKey(publicKey);
  if (expiresAt !== null && Date.parse(expiresAt) <= now.getTime()) {
    throw refusal(
      'SIGNATURE_KEY_EXPIRED',
      `Key ${fingerprint} of profile ${signing.profile} expired at ${expiresAt}.`,
    );
  }
  const options = signing.passphrase === undefined ? {} : { passphrase: signing.passphrase };
  const sign = (bytes: Uint8Array): Promise<string> => signDetached(bytes, privateKey, options);
  await sign(new TextEncoder().encode(fingerprint));
  return { profile: signing.profile, fingerprint, publicKey, sign };
}

/** The problems that {@link openSigner} would refuse with, or the signer. */
export async function trySigner(
  signing: SigningConfig,
  now: Date,
): Promise<{ signer: Signer | undefined; problems: readonly Problem[] }> {
  try {
    return { signer: await openSigner(signing, now), problems: [] };
  } catch (error) {
    if (error instanceof Refusal) return { signer: undefined, problems: error.problems };
    throw error;
  }
}

/** As ssh does: a private key that others can read is refused, not merely remarked on. */
async function refuseExposed(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const { mode } = await stat(file);
  if ((mode & 0o077) === 0) return;
  throw refusal(
    'SIGNING_KEY_EXPOSED',
    `${file} has mode ${(mode & 0o777).toString(8)}; it must be 600.`,
    file,
  );
}
