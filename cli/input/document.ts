import { stat } from 'node:fs/promises';
import path from 'node:path';
import { problem, type ErrorCode, type Problem } from '../../core/errors/errors';
import { parseStrictJson, type JsonFault } from '../../core/strictJson';
import { ignoreAbsence } from '../../platform/files/absence';
import { readTextWithin } from '../../platform/files/unlinked';
import { readYaml, type TextDocument } from '../../pxp/yaml';

export type ReadDocument = { document: TextDocument } | { problems: Problem[] };

/** Larger files of these kinds are mistakes; they are never read into memory. */
const MAX_BYTES = 1024 * 1024;

/** The text of a small file of a plugin folder, or undefined when there is none. @throws Refusal FILE_UNSAFE */
export async function readSmallText(root: string, name: string): Promise<string | undefined> {
  const file = path.join(root, name);
  const size = (await ignoreAbsence(stat(file)))?.size ?? 0;
  return size > MAX_BYTES ? undefined : await readTextWithin(root, file, MAX_BYTES);
}

/** Only the section on one version is taken from it, so it may be as long as a project is old. */
const MAX_CHANGELOG_BYTES = 64 * 1024 * 1024;

/** The changelog of a plugin folder, or undefined when there is none. @throws Refusal FILE_UNSAFE, also when it is larger */
export const readChangelog = (root: string): Promise<string | undefined> =>
  readTextWithin(root, path.join(root, 'CHANGELOG.md'), MAX_CHANGELOG_BYTES);

/** What some editors put before a text; it is no part of it. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * Parses YAML, or JSON strictly, keeping where everything stands so that messages can name lines. Both are
 * read as the marketplace reads them in a package.
 *
 * @param name the file as people know it
 */
export function parseText(text: string, name: string, code: ErrorCode): ReadDocument {
  if (text.startsWith(BYTE_ORDER_MARK)) {
    const sentence = 'begins with a byte order mark; save it as UTF-8 without one';
    return { problems: [problem(code, at(name, 1, sentence))] };
  }
  const json = name.endsWith('.json') ? parseStrictJson(text) : undefined;
  if (json && 'fault' in json && json.kind !== 'syntax') return { problems: [toProblem(name, code, json)] };
  const read = readYaml(text);
  if ('faults' in read) {
    return { problems: read.faults.map(({ message, line }) => problem(code, at(name, line, message))) };
  }
  // YAML understands most JSON and much that is none.
  if (json && 'fault' in json) return { problems: [toProblem(name, code, json)] };
  return { document: json ? { ...read, value: json.value } : read };
}

const toProblem = (name: string, code: ErrorCode, { fault, line }: JsonFault): Problem =>
  problem(code, at(name, line, fault));

/** `plugin.yaml, line 3: sentence.` */
export const at = (name: string, line: number | undefined, sentence: string): string =>
  `${name}${line === undefined ? '' : `, line ${line}`}: ${sentence.replace(/\.?$/, '.')}`;
