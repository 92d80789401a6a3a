import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../../platform/files/durable';

/** Remembers the MD5 of objects, so that listing an upload's parts never reads their bytes. */
export interface DigestNotes {
  remember(key: string, of: Stats, md5: string): Promise<void>;
  /** The MD5 (base64) of the file that `of` describes, if it is known. */
  recall(key: string, of: Stats): Promise<string | undefined>;
  forget(key: string): Promise<void>;
}

/** Notes as small files in `folder`, one a key, named by the key's hash. Losing them loses no object. */
export function digestNotes(folder: string): DigestNotes {
  const digestFile = (key: string) => path.join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    async remember(key, of, md5) {
      await replaceFile(digestFile(key), `${identifyFile(of)} ${md5}`, { isDurable: false });
    },
    async recall(key, of) {
      const text = await readFile(digestFile(key), 'utf8').catch(() => '');
      const [identity, md5] = text.split(/ (?=\S+$)/);
      return identity === identifyFile(of) && MD5.test(md5 ?? '') ? md5 : undefined;
    },
    forget: (key) => rm(digestFile(key), { force: true }),
  };
}

/** A digest is worth only as long as the very file that it was taken of: inode, size and time tell. */
const identifyFile = (of: Stats) => `${of.ino} ${of.size} ${of.mtimeMs}`;

/** Sixteen bytes in base64; a note that a crash cut short is no note. */
const MD5 = /^[A-Za-z0-9+/]{22}==$/;
