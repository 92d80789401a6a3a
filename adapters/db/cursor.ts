import { refusal } from '../../core/errors/errors';

/** A page of rows, and where the next one begins; null after the last. */
export interface Page<T> {
  rows: T[];
  next: string | null;
}

export interface PageRequest {
  limit: number;
  cursor?: string | undefined;
}

/** Encodes the sort key of a page's last row; opaque to callers, so that the order may change. */
const encode = (key: readonly string[]): string => Buffer.from(JSON.stringify(key)).toString('base64url');

/**
 * The sort key that a cursor stands for, `parts` texts long; undefined without a cursor.
 *
 * @throws Refusal PARAMETER_INVALID for a cursor that no page has given out
 */
export function decodeCursor(cursor: string | undefined, parts: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  const isKey = Array.isArray(key) && key.length === parts && key.every(isPlainText);
  if (!isKey) throw refusal('PARAMETER_INVALID', 'The cursor does not belong to this list.', '/query/cursor');
  return key;
}

/** Cuts the row too many that tells whether there is another page. */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => readonly string[]): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? encode(keyOf(last)) : null };
}

const isPlainText = (value: unknown): value is string => typeof value === 'string' && !value.includes('\0');

/** A moment of a cursor; anything else is a cursor that somebody made up. */
export function readMoment(text: string): Date {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw refusal('PARAMETER_INVALID', 'The cursor does not contain a time.', '/query/cursor');
  return moment;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
