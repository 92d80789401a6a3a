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

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** In a cursor, for a moment that a row does not have. */
export const NO_MOMENT = 'none';

/** What a part of a sort key may be; the database is never asked with anything else. */
const partKinds = {
  text: (text: string) => !/[\0\p{Cs}]/u.test(text),
  uuid: (text: string) => UUID.test(text),
  moment: isMoment,
  momentOrNone: (text: string) => text === NO_MOMENT || isMoment(text),
};
export type CursorPart = keyof typeof partKinds;

/** As a page writes it, and within the years that the database has. */
function isMoment(text: string): boolean {
  const moment = new Date(text);
  return /^[1-9]\d{3}-/.test(text) && !Number.isNaN(moment.getTime()) && moment.toISOString() === text;
}

/**
 * The sort key that a cursor stands for, each part of the kind that the list sorts by; undefined without a
 * cursor. Only the spelling that {@link toPage} writes is taken.
 *
 * @throws Refusal PARAMETER_INVALID for a cursor that no page of the list can have given out
 */
export function decodeCursor(
  cursor: string | undefined,
  kinds: readonly CursorPart[],
): readonly string[] | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (isKey(key, kinds) && encode(key) === cursor) return key;
  throw refusal('PARAMETER_INVALID', 'The cursor does not belong to this list.', '/query/cursor');
}

const isKey = (key: unknown, kinds: readonly CursorPart[]): key is string[] =>
  Array.isArray(key) &&
  key.length === kinds.length &&
  kinds.every((kind, index) => typeof key[index] === 'string' && partKinds[kind](key[index]));

/** Cuts the row too many that tells whether there is another page. */
export function toPage<T>(rows: T[], limit: number, keyOf: (row: T) => readonly string[]): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? encode(keyOf(last)) : null };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
