import { problem, type Problem } from '../core/errors/errors';
import { MANIFEST, compareEntryPaths, type PackageLimits } from './format';
import { checkCollisions, checkPath, countFolders } from './names';
import { quoteName } from '../core/foreignText';
import { DEFLATED, STORED, type EntryRecord } from './zipRecords';

/** Judges what the directory declares: names, order, methods and sizes. Nothing is read or inflated. */
export function checkEntries(entries: readonly EntryRecord[], limits: PackageLimits): Problem[] {
  const paths = entries.map((entry) => entry.path);
  return [
    ...paths.flatMap((path) => checkPath(path, 'PACKAGE_FORM')),
    ...checkCollisions(paths, 'PACKAGE_FORM'),
    ...checkOrder(paths),
    ...entries.flatMap((entry) => checkSizes(entry, limits)),
    ...checkTotal(entries, limits),
    ...checkFolders(paths, limits),
  ];
}

function checkOrder(paths: readonly string[]): Problem[] {
  if (paths[0] !== MANIFEST)
    return [problem('PACKAGE_FORM', `The first entry is not ${MANIFEST}.`, MANIFEST)];
  const late = paths.find((path, index) => index > 0 && compareEntryPaths(paths[index - 1] ?? '', path) > 0);
  return late === undefined ? [] : [problem('PACKAGE_FORM', `${quoteName(late)} is out of order.`, late)];
}

function checkSizes(entry: EntryRecord, limits: PackageLimits): Problem[] {
  const name = quoteName(entry.path);
  const { method, bytes, compressedBytes } = entry;
  if (method !== STORED && method !== DEFLATED) {
    return [problem('PACKAGE_FORM', `${name} uses the unknown compression method ${method}.`, entry.path)];
  }
  if (method === STORED && compressedBytes !== bytes) {
    return [problem('PACKAGE_FORM', `${name} is stored, but its two sizes differ.`, entry.path)];
  }
  if (method === DEFLATED && (bytes === 0 || compressedBytes === 0)) {
    return [problem('PACKAGE_FORM', `${name} is deflated, but empty.`, entry.path)];
  }
  if (bytes > limits.ratioFreeBytes && bytes > limits.maxRatio * compressedBytes) {
    const detail = `${name} would inflate to ${bytes} bytes, more than ${limits.maxRatio} times what it takes.`;
    return [problem('PACKAGE_TOO_LARGE', detail, entry.path)];
  }
  return [];
}

function checkTotal(entries: readonly EntryRecord[], limits: PackageLimits): Problem[] {
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (total <= limits.maxTotalBytes) return [];
  return [
    problem(
      'PACKAGE_TOO_LARGE',
      `The package would unpack to ${total} bytes; ${limits.maxTotalBytes} are allowed.`,
    ),
  ];
}

/** A folder costs a host as much as a file does. */
export function checkFolders(paths: readonly string[], limits: PackageLimits): Problem[] {
  const folders = countFolders(paths);
  if (folders <= limits.maxFolders) return [];
  return [
    problem(
      'PACKAGE_TOO_LARGE',
      `The package would unpack to ${folders} folders; ${limits.maxFolders} are allowed.`,
    ),
  ];
}
