import { createHash } from 'node:crypto';
import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../../platform/files/durable';
import { refusal } from '../../../core/errors/errors';

/** Which uploads have ended, for the server that takes parts: it knows signed addresses and nothing of releases. */
export interface EndedUploads {
  /** Notes durably that nothing is taken below `prefix` any more. Needed until the last address for it has expired. */
  note(prefix: string, until: Date): Promise<void>;
  /** @throws Refusal UPLOAD_ENDED when the upload that `key` is a part of has ended */
  refuse(key: string): Promise<void>;
  /** Forgets what was needed until before `olderThan`. */
  sweep(olderThan: Date): Promise<void>;
}

/** Empty files in `folder`, one an upload, named by the hash of its prefix; their time is that of their own end. */
export function endedUploads(folder: string): EndedUploads {
  const noteFile = (prefix: string) => path.join(folder, createHash('sha256').update(prefix).digest('hex'));
  return {
    async note(prefix, until) {
      await replaceFile(noteFile(prefix), '');
      await utimes(noteFile(prefix), until, until);
    },
    async refuse(key) {
      const prefix = key.slice(0, key.lastIndexOf('/') + 1);
      if (!(await stat(noteFile(prefix)).catch(() => undefined))) return;
      throw refusal('UPLOAD_ENDED', 'The upload that this part belongs to has ended; it was not kept.');
    },
    async sweep(olderThan) {
      for (const name of await readdir(folder).catch(() => [])) {
        const file = path.join(folder, name);
        const info = await stat(file).catch(() => undefined);
        if (info && info.mtime < olderThan) await rm(file, { force: true });
      }
    },
  };
}
