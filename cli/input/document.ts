import { readFile, stat } from 'node:fs/promises';
import { LineCounter, isNode, parseDocument } from 'yaml';
import { problem, type ErrorCode, type Problem } from '../../core/errors/errors';
import { hasErrorCode } from '../../core/errors/thrown';

/** A parsed text: its plain value, and on which line a path of it stands. */
export interface TextDocument {
  value: unknown;
  findLine(path: readonly PropertyKey[]): number | undefined;
}

export type ReadDocument = { document: TextDocument } | { problems: Problem[] };

/** Larger files of these kinds are mistakes; they are never read into memory. */
const MAX_BYTES = 1024 * 1024;

/** The text of a small file, or undefined when there is none. */
export async function readSmallText(file: string): Promise<string | undefined> {
  try {
    if ((await stat(file)).size > MAX_BYTES) return undefined;
    return await readFile(file, 'utf8');
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Parses YAML, or JSON strictly, keeping where everything stands so that messages can name lines.
 *
 * @param name the file as people know it
 */
export function parseText(text: string, name: string, code: ErrorCode): ReadDocument {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const jsonProblem = name.endsWith('.json') ? jsonError(text) : undefined;
  const errors = parsed.errors.map(({ message, pos }) => ({ message, line: lines.linePos(pos[0]).line }));
  if (errors.length > 0 || jsonProblem !== undefined) {
    const told = errors.length > 0 ? errors : [{ message: jsonProblem ?? '', line: undefined }];
    return { problems: told.map(({ message, line }) => problem(code, at(name, line, message))) };
  }
  return { document: { value: parsed.toJS(), findLine: (path) => locateLine(parsed, lines, path) } };
}

/** YAML understands most JSON and much that is none. */
function jsonError(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The line of the value, or of the closest thing around it when it is missing. */
function locateLine(
  parsed: ReturnType<typeof parseDocument>,
  lines: LineCounter,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node = length === 0 ? parsed.contents : parsed.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** `plugin.yaml, line 3: sentence.` */
export const at = (name: string, line: number | undefined, sentence: string): string =>
  `${name}${line === undefined ? '' : `, line ${line}`}: ${sentence.replace(/\.?$/, '.')}`;
