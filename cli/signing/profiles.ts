import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { refusal } from '../../core/errors/errors';
import { hasErrorCode } from '../../core/errors/thrown';
import { replaceFile } from '../../platform/files/durable';
import { describePublicKey, generateSigningKey } from '../../pxp/signing';
import { profileFiles, readKey, type SigningConfig } from './profileFiles';

export interface ProfileSummary {
  profile: string;
  fingerprint: string;
  createdAt: string;
  expiresAt: string | null;
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
    throw refusal('SIGNING_PROFILE_TAKEN', `Profile "${signing.profile}" already has a key.`);
  }
  await replaceFile(files.publicKey, key.publicKeyArmored);
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
