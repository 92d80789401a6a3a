import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, problem, refusal, type Problem } from '../../core/errors/errors';
import { describePublicKey, generateSigningKey, signDetached } from '../../pxp/signing';
import type { CliConfig } from '../config';
import { hasErrorCode } from '../../core/errors/thrown';

export type SigningConfig = CliConfig['signing'];

/** A profile that can sign now. */
export interface Signer {
  profile: string;
  fingerprint: string;
  publicKey: string;
  /** An armored detached signature over some bytes. */
  sign(bytes: Uint8Array): Promise<string>;
}

export interface ProfileSummary {
  profile: string;
  fingerprint: string;
  createdAt: string;
  expiresAt: string | null;
}

const profileFiles = ({ home, profile }: { home: string; profile: string }) => ({
  folder: path.join(home, profile),
  privateKey: path.join(home, profile, 'private.asc'),
  publicKey: path.join(home, profile, 'public.asc'),
});

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

/** Makes a key pair. The private half is for its owner's eyes; an existing one is never replaced. */
export async function createProfile(
  signing: SigningConfig,
  owner: { name: string; email: string; expiresInSeconds: number; now: Date },
): Promise<{ fingerprint: string; folder: string }> {
  const files = profileFiles(signing);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  const { passphrase } = signing;
  const key = await generateSigningKey({ ...owner, ...(passphrase === undefined ? {} : { passphrase }) });
  try {
    await writeFile(files.privateKey, key.privateKeyArmored, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if (!hasErrorCode(error, 'EEXIST')) throw error;
    throw new Refusal([problem('SIGNING_PROFILE_TAKEN', `Profile "${signing.profile}" already has a key.`)]);
  }
  await writeFile(files.publicKey, key.publicKeyArmored);
  return { fingerprint: key.fingerprint, folder: files.folder };
}

/** All profiles with a readable public key, by name. */
export async function listProfiles(home: string): Promise<ProfileSummary[]> {
  const names = await readdir(home).catch(() => []);
  const summaries = names.sort().map(async (profile) => {
    const armored = await readKey(profileFiles({ home, profile }).publicKey);
    return armored === undefined ? [] : [{ profile, ...(await describePublicKey(armored)) }];
  });
  return (await Promise.all(summaries)).flat();
}

export async function readPublicKey(signing: SigningConfig): Promise<string> {
  const armored = await readKey(profileFiles(signing).publicKey);
  if (armored !== undefined) return armored;
  throw refusal(
    'SIGNING_PROFILE_MISSING',
    `There is no signing profile "${signing.profile}" in ${signing.home}.`,
  );
}

async function readKey(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
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
