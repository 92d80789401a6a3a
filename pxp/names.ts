import { problem, type ErrorCode, type Problem } from '../core/errors/errors';
import { hasPlace } from './format';

// Reserved on Windows whatever the extension: "aux.js" cannot be created there.
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/iu;
// Controls, invisible formatting (bidi overrides), lone surrogates, the replacement character.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{fffd}]/u;
const FORBIDDEN = /[\\<>:"|?*]/u;
const MAX_SEGMENT_BYTES = 255;

/** One rule for names: a question about the path, and the words for a path that fails it. */
const RULES: readonly [fails: (path: string) => boolean, words: string][] = [
  [(path) => path === '', 'is empty'],
  [(path) => path.startsWith('/'), 'is absolute'],
  [(path) => UNPRINTABLE.test(path), 'holds a control, invisible or undecodable character'],
  [(path) => FORBIDDEN.test(path), 'holds one of \\ < > : " | ? *'],
  [(path) => path !== path.normalize('NFC'), 'is not in Unicode form NFC'],
  [(path) => segments(path).some((each) => each === '..' || each === '.'), 'climbs with . or ..'],
  [(path) => segments(path).slice(1).includes(''), 'has an empty segment or names a folder'],
  [(path) => segments(path).some((each) => RESERVED.test(each)), 'uses a name reserved on Windows'],
  [(path) => segments(path).some((each) => /[ .]$/u.test(each)), 'has a segment ending in a dot or a space'],
  [
    (path) => segments(path).some((each) => Buffer.byteLength(each) > MAX_SEGMENT_BYTES),
    'has a segment beyond 255 bytes',
  ],
];

const segments = (path: string): string[] => path.split('/');

/** A path as an error message may show it: one line, no control characters, not endless. */
export function printable(path: string): string {
  const shown = JSON.stringify(path.slice(0, 200)).replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu,
    (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return path.length > 200 ? `${shown}…` : shown;
}

/** Everything that is wrong with one path; the same rules bind the writer and the reader. */
export function checkPath(path: string, code: ErrorCode, maxBytes: number): Problem[] {
  const words = RULES.filter(([fails]) => fails(path)).map((rule) => rule[1]);
  if (Buffer.byteLength(path) > maxBytes) words.push(`is longer than ${maxBytes} bytes`);
  if (words.length === 0 && !hasPlace(path)) words.push('lies outside the folders of the format');
  return words.map((each) => problem(code, `The name ${printable(path)} ${each}.`, path.slice(0, maxBytes)));
}

/** The form in which a file system that ignores case or composition would confuse two names. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/** Paths that would land on the same file, or on a file where another needs a folder. */
export function checkCollisions(paths: readonly string[], code: ErrorCode): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const path of paths) {
    const other = seen.get(folded(path));
    if (other === undefined) seen.set(folded(path), path);
    else problems.push(problem(code, `${printable(path)} and ${printable(other)} are the same file.`, path));
  }
  for (const path of paths) {
    const file = ancestors(folded(path)).find((each) => seen.has(each));
    if (file !== undefined) {
      problems.push(
        problem(code, `${printable(path)} needs a folder where ${printable(file)} is a file.`, path),
      );
    }
  }
  return problems;
}

/** `a/b/c` → `a`, `a/b`. */
function ancestors(path: string): string[] {
  const parts = segments(path);
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}
