import { problem, type Problem } from '../core/errors/errors';
import { INTEGRITY, compareBytewise } from './format';
import { quoteName } from '../core/foreignText';

/** SHA-256 (lower-case hex) by path. */
export type Digests = ReadonlyMap<string, string>;

const LINE = /^([0-9a-f]{64}) {2}(.+)$/u;

/** The text of `integrity.txt`: what `sha256sum -c` reads, sorted bytewise by path. */
export function formatIntegrity(digests: Digests): string {
  const sorted = [...digests].sort(([a], [b]) => compareBytewise(a, b));
  return sorted.map(([path, digest]) => `${digest}  ${path}\n`).join('');
}

/**
 * Reads `integrity.txt`. Only the one text that {@link formatIntegrity} writes is accepted, so that a
 * list has one spelling and one digest.
 */
export function parseIntegrity(text: string): { digests: Digests; problems: Problem[] } {
  const lines = text.split('\n').slice(0, -1);
  const pairs = lines.map((line) => LINE.exec(line)).filter((match) => match !== null);
  const digests = new Map(pairs.map((match) => [match[2] ?? '', match[1] ?? '']));
  if (formatIntegrity(digests) === text && digests.size > 0) return { digests, problems: [] };
  const detail = `${INTEGRITY} is not a sorted list of "<sha256>  <path>" lines, one for each file.`;
  return { digests, problems: [problem('PACKAGE_FORM', detail, INTEGRITY)] };
}

/** Compares what the list says with what the files are: three ways to differ, each file named. */
export function compareDigests(listed: Digests, actual: Digests): Problem[] {
  const missing = [...listed.keys()].filter((path) => !actual.has(path));
  const extra = [...actual.keys()].filter((path) => !listed.has(path));
  const changed = [...actual].filter(([path, digest]) => (listed.get(path) ?? digest) !== digest);
  return [
    ...missing.map((path) =>
      problem('INTEGRITY_MISSING', `${quoteName(path)} is listed but not in the package.`, path),
    ),
    ...extra.map((path) =>
      problem('INTEGRITY_EXTRA', `${quoteName(path)} is in the package but not listed.`, path),
    ),
    ...changed.map(([path]) =>
      problem('INTEGRITY_MISMATCH', `${quoteName(path)} differs from its digest.`, path),
    ),
  ];
}
