import type { z } from 'zod';
import { problem, type ErrorCode, type Problem } from '../../core/errors/errors';
import type { Parsed } from '../../core/releases/precheckFacts';
import type { TextDocument } from '../../pxp/yaml';
import { at, parseText, readSmallText } from './document';

/** A file of a plugin folder, and the codes of its absence and of its mistakes. */
export interface InputFile<S extends z.ZodType> {
  name: string;
  schema: S;
  invalid: ErrorCode;
  missing: ErrorCode;
}

/** Reads, parses and checks one file; every mistake is told with its line and JSON pointer. */
export async function parseFile<S extends z.ZodType>(
  root: string,
  file: InputFile<S>,
): Promise<Parsed<z.output<S>>> {
  const text = await readSmallText(root, file.name);
  if (text === undefined) {
    return { problems: [problem(file.missing, `There is no readable ${file.name} in ${root}.`, file.name)] };
  }
  const read = parseText(text, file.name, file.invalid);
  if ('problems' in read) return read;
  const parsed = file.schema.safeParse(read.document.value);
  if (parsed.success) return { value: parsed.data };
  return { problems: issuesToProblems(parsed.error.issues, read.document, file) };
}

type Issue = z.core.$ZodIssue;

function issuesToProblems(
  issues: readonly Issue[],
  document: TextDocument,
  file: { name: string; invalid: ErrorCode },
): Problem[] {
  return issues.flatMap(leaves).map(({ path: where, message }) => {
    const field = where.length === 0 ? '' : `${where.map(String).join('.')}: `;
    const sentence = at(file.name, document.findLine(where), `${field}${message}`);
    return problem(file.invalid, sentence, toPointer(where));
  });
}

/** One entry for each unknown key, each with its own path. */
function leaves(issue: Issue): { path: PropertyKey[]; message: string }[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...issue.path, key], message: 'is not a known key' }));
  }
  return [{ path: [...issue.path], message: issue.message }];
}

/** A JSON pointer, RFC 6901. */
const toPointer = (where: readonly PropertyKey[]): string =>
  where.map((each) => `/${String(each).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');
