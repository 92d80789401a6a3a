import type { z } from 'zod';
import {
  Refusal,
  problem,
  refusal,
  refuseIfAny,
  type ErrorCode,
  type Problem,
} from '../../core/errors/errors';
import { findUnsafe, type UnsafePart } from '../../core/plainData';
import { parseStrictJson, type JsonFault } from '../../core/strictJson';

/** As many problems are told at once, each with as much of a key. */
const MAX_PROBLEMS = 50;
const MAX_KEY_LENGTH = 200;

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
  // A body of a megabyte may be wrong in a hundred thousand places.
  throw new Refusal(
    read.error.issues
      .slice(0, MAX_PROBLEMS)
      .flatMap((issue) => toProblems(issue, code, where))
      .slice(0, MAX_PROBLEMS),
  );
}

function toProblems(issue: z.core.$ZodIssue, code: ErrorCode, where: string): Problem[] {
  const at = toPointer(where, issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, MAX_PROBLEMS)
      .map((key) =>
        problem(code, `${getName(at)} has no key ${shorten(key)}.`, toPointer(at, [shorten(key)])),
      );
  }
  return [problem(code, `${getName(at)}: ${issue.message}.`, at)];
}

const shorten = (key: PropertyKey): string => String(key).slice(0, MAX_KEY_LENGTH);

const getName = (pointer: string): string => pointer || 'The body';

/** A JSON pointer (RFC 6901). */
const toPointer = (base: string, path: readonly PropertyKey[]): string =>
  base + path.map((key) => `/${shorten(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');

/**
 * The value of a body of JSON that has one reading and holds nothing that must not get any further.
 *
 * @throws Refusal with BODY_NOT_JSON, BODY_TOO_DEEP or BODY_UNSAFE
 */
export function parseBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return {};
  const read = parseStrictJson(decode(bytes));
  if ('fault' in read) throw refusal(faultCodes[read.kind], toSentence(read));
  if (typeof read.value !== 'object' || read.value === null)
    throw refusal('BODY_NOT_JSON', 'The body is no JSON object.');
  refuseIfAny(findUnsafe(read.value).map(describeUnsafe));
  return read.value;
}

const faultCodes = { syntax: 'BODY_NOT_JSON', depth: 'BODY_TOO_DEEP', keys: 'BODY_UNSAFE' } as const;

const toSentence = ({ kind, fault }: JsonFault): string =>
  kind === 'syntax' ? 'The body cannot be read as JSON.' : `The body ${fault}.`;

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('BODY_NOT_JSON', 'The body is not UTF-8 text.');
  }
}

function describeUnsafe({ path, kind }: UnsafePart): Problem {
  const pointer = toPointer('', path).replaceAll('\0', '');
  const name = getName(pointer);
  if (kind === 'depth')
    return problem('BODY_TOO_DEEP', `${name} is nested too deeply.`, pointer.slice(0, 200));
  const detail =
    kind === 'key'
      ? `A field must not be called ${path.at(-1)}.`
      : `${name} contains a character that is not allowed.`;
  return problem('BODY_UNSAFE', detail, pointer);
}
