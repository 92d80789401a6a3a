import { getErrorCode } from '../../core/errors/thrown';

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);

/** What the system answers when a disk is full, read-only, over its quota or failing, or files may not be had. */
const CODES: ReadonlySet<string> = new Set([
  ...['ENOSPC', 'EROFS', 'EDQUOT', 'EIO'],
  ...['EACCES', 'EPERM', 'EMFILE', 'ENFILE'],
]);

/** Whether an error is trouble of this machine's files, which says nothing about what was read or written. */
export const isFileTrouble = (error: unknown): boolean => CODES.has(getErrorCode(error) ?? '');

/** Whether there is no room on the disk, or none left of a quota. */
export const isFull = (error: unknown): boolean => FULL.has(getErrorCode(error) ?? '');
