import type { z } from 'zod';
import { Refusal, problem, refuseIfAny, type ErrorCode, type Problem } from '../../core/errors/errors';

/** More than any schema needs, less than a recursive reader can bear. */
const MAX_DEPTH = 64;

/** Whether a member reaches an object's prototype in code that copies without care. */
const reachesPrototype = (key: string, member: unknown): boolean =>
  key === '__proto__' ||
  (key === 'constructor' &&
    typeof member === 'object' &&
    member !== null &&
    Object.hasOwn(member, 'prototype'));

/**
 * Parses a value by its schema, at the edge, once.
 *
 * @throws Refusal with a problem for each issue, pointing into `where`
 */
export function parseBy<S extends z.ZodType>(
  schema: S,
  value: unknown,
  code: ErrorCode,
  where: string,
): z.output<S> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  throw new Refusal(read.error.issues.flatMap((issue) => toProblems(issue, code, where)));
}

function toProblems(issue: z.core.$ZodIssue, code: ErrorCode, where: string): Problem[] {
  const at = toPointer(where, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => problem(code, `${getName(at)} has no key ${key}.`, toPointer(at, [key])));
  }
  return [problem(code, `${getName(at)}: ${issue.message}.`, at)];
}

const getName = (pointer: string): string => pointer || 'The body';

/** A JSON pointer (RFC 6901). */
const toPointer = (base: string, path: readonly PropertyKey[]): string =>
  base + path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * Refuses what passes for JSON but must not get any further: nesting that would exhaust the stack of
 * whatever walks it, texts that the database cannot hold, keys that reach a prototype. Walks without
 * recursion, for the same reason.
 */
export function checkSafe(body: unknown): void {
  const found: Problem[] = [];
  const open: { value: unknown; pointer: string; depth: number }[] = [{ value: body, pointer: '', depth: 0 }];
  for (let next = open.pop(); next && found.length < 20; next = open.pop()) {
    const { value, pointer, depth } = next;
    if (typeof value === 'string') found.push(...checkText(value, pointer));
    if (typeof value !== 'object' || value === null) continue;
    if (depth >= MAX_DEPTH) {
      const detail = `The body is nested deeper than ${MAX_DEPTH} levels.`;
      throw new Refusal([problem('BODY_TOO_DEEP', detail, pointer.slice(0, 200))]);
    }
    for (const [key, member] of Object.entries(value)) {
      const at = toPointer(pointer, [key]);
      if (reachesPrototype(key, member))
        found.push(problem('BODY_UNSAFE', `A field must not be called ${key}.`, at));
      else found.push(...checkText(key, at));
      open.push({ value: member, pointer: at, depth: depth + 1 });
    }
  }
  refuseIfAny(found);
}

function checkText(text: string, pointer: string): Problem[] {
  // A surrogate without its other half cannot be written as UTF-8.
  if (!text.includes('\0') && !/\p{Cs}/u.test(text)) return [];
  return [
    problem(
      'BODY_UNSAFE',
      `${getName(pointer)} contains a character that is not allowed.`,
      pointer.replaceAll('\0', ''),
    ),
  ];
}
