import { refusal } from '../../core/errors/errors';

/** The longest key in characters; Cloud Storage takes 1,024 bytes, file systems less a path. */
const MAX_KEY_LENGTH = 512;
const MAX_SEGMENT_LENGTH = 200;

// No segment starts with a dot, so neither `..` nor a hidden file can be spelled.
const SEGMENT = /^[A-Za-z0-9_+=@,-][A-Za-z0-9._+=@,-]*$/;

/** Whether `segment` may stand between two slashes of a key. */
export const isKeySegment = (segment: string): boolean =>
  segment.length <= MAX_SEGMENT_LENGTH && SEGMENT.test(segment);

/** Whether `key` is one that every driver can hold: `/`-separated segments of plain characters. */
export function isKey(key: string): boolean {
  return key.length > 0 && key.length <= MAX_KEY_LENGTH && key.split('/').every(isKeySegment);
}

/** Returns `key` when it is valid; otherwise refuses with OBJECTS_KEY_INVALID. */
export function checkedKey(key: string): string {
  if (isKey(key)) return key;
  throw refusal(
    'OBJECTS_KEY_INVALID',
    `The key ${JSON.stringify(key.slice(0, 80))} is not made of plain segments (letters, digits and ._+=@,-).`,
  );
}

/** Checks a prefix of keys: empty, or the start of a valid key. */
export function checkedPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  // A folder-like prefix ends in a slash; whatever follows it would complete the key.
  checkedKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix);
  return prefix;
}
