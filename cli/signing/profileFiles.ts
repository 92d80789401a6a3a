import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../core/errors/errors';
import { hasErrorCode } from '../../core/errors/thrown';
import type { CliConfig } from '../config';

export type SigningConfig = CliConfig['signing'];

/** Where a profile keeps its key pair. */
export const profileFiles = ({ home, profile }: { home: string; profile: string }) => ({
  folder: path.join(home, profile),
  privateKey: path.join(home, profile, 'private.asc'),
  publicKey: path.join(home, profile, 'public.asc'),
});

/** An armored key; undefined when there is none. */
export async function readKey(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
    if (hasErrorCode(error, 'EACCES', 'EPERM'))
      throw refusal('FILE_DENIED', `${file} cannot be read by this user.`, file);
    if (hasErrorCode(error, 'EISDIR'))
      throw refusal('SIGNING_KEY_UNUSABLE', `${file} is a folder, not a key.`, file);
    throw error;
  }
}
