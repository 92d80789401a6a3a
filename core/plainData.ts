/** What passes for data but must not get any further, in whatever notation it came. */

/** More levels than any schema needs, fewer than what walks them by recursion can bear. */
export const MAX_DEPTH = 64;

/** One such thing: where it is, and what it is. */
export interface UnsafePart {
  path: string[];
  kind: 'depth' | 'key' | 'text';
}

const MAX_FOUND = 20;

/** Whether a member reaches an object's prototype in code that copies without care. */
export const reachesPrototype = (key: string, member: unknown): boolean =>
  key === '__proto__' ||
  (key === 'constructor' &&
    typeof member === 'object' &&
    member !== null &&
    Object.hasOwn(member, 'prototype'));

/** A surrogate without its other half cannot be written as UTF-8, and no database holds a NUL in a text. */
const isWritable = (text: string): boolean => !text.includes('\0') && !/\p{Cs}/u.test(text);

/**
 * Finds nesting that would exhaust the stack of whatever walks it, keys that reach a prototype, texts that
 * cannot be kept. Walks without recursion, for the same reason; too much depth ends the walk, so that data
 * which contain themselves end it too.
 */
export function findUnsafe(data: unknown): UnsafePart[] {
  const found: UnsafePart[] = [];
  const open: { value: unknown; path: string[] }[] = [{ value: data, path: [] }];
  for (let next = open.pop(); next && found.length < MAX_FOUND; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && !isWritable(value)) found.push({ path, kind: 'text' });
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= MAX_DEPTH) return [{ path, kind: 'depth' }];
    for (const [key, member] of Object.entries(value)) {
      const at = [...path, key];
      if (reachesPrototype(key, member)) found.push({ path: at, kind: 'key' });
      else if (!isWritable(key)) found.push({ path: at, kind: 'text' });
      open.push({ value: member, path: at });
    }
  }
  return found;
}
