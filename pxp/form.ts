import { Refusal, problem, refuseIfAny, type Problem } from '../core/errors/errors';
import type { FileReader } from './fileReader';
import type { PackageLimits } from './format';
import { checkEntries } from './formEntries';
import { quoteName } from '../core/foreignText';
import { forReading } from './problems';
import { MAX_END_BYTES, parseCentralRecord, parseEnd, type ParsedRecord } from './zipParse';
import {
  CENTRAL_BYTES,
  centralRecord,
  endRecords,
  isEncodable,
  localHeader,
  type Directory,
  type EntryRecord,
} from './zipRecords';

/** An entry whose place in the file was proven: `dataStart` is the first byte of its content. */
export interface PlacedEntry extends EntryRecord {
  dataStart: number;
}

const form = (detail: string, pointer?: string): Problem => problem('PACKAGE_FORM', detail, pointer);

/**
 * Proves that the file is byte for byte what the writer would have written around its contents,
 * before anything is inflated: records, order, places, names and declared sizes.
 *
 * @returns the entries in file order
 * @throws Refusal with PACKAGE_FORM or PACKAGE_TOO_LARGE, all problems that were found
 */
export async function checkForm(reader: FileReader, limits: PackageLimits): Promise<PlacedEntry[]> {
  const directory = await checkEnd(reader, limits);
  const records = parseDirectory(await reader.read(directory.offset, directory.bytes), directory);
  const entries = records.map((record) => record.entry);
  const problems = [...records.flatMap(checkRecord), ...checkEntries(entries, limits)];
  const { placed, misplaced } = await checkPlaces(reader, entries, directory.offset);
  refuseIfAny(forReading([...problems, ...misplaced]));
  return placed;
}

/** Where the directory is, once the end of the file is exactly the end of an archive. */
async function checkEnd(reader: FileReader, limits: PackageLimits): Promise<Directory> {
  const tail = await reader.read(
    Math.max(0, reader.bytes - MAX_END_BYTES),
    Math.min(reader.bytes, MAX_END_BYTES),
  );
  const directory = parseEnd(tail);
  if (!directory) {
    const detail =
      'The file does not end as a zip archive without a comment does: it is cut, longer, or no package.';
    throw new Refusal([form(detail)]);
  }
  refuseIfAny(checkDirectory(directory, tail, reader.bytes, limits));
  return directory;
}

function checkDirectory(
  directory: Directory,
  tail: Buffer,
  fileBytes: number,
  limits: PackageLimits,
): Problem[] {
  if (directory.entries > limits.maxEntries) {
    return [
      problem(
        'PACKAGE_TOO_LARGE',
        `The package has ${directory.entries} entries; ${limits.maxEntries} are allowed.`,
      ),
    ];
  }
  const away = [form('The central directory does not lie directly before the end of the file.')];
  // First of all, because no end record can be written for an offset beyond every file.
  if (directory.offset + directory.bytes > fileBytes) return away;
  const end = endRecords(directory);
  if (directory.offset + directory.bytes + end.length !== fileBytes) return away;
  if (!tail.subarray(tail.length - end.length).equals(end)) {
    return [form('The end record of the archive is not in canonical form.')];
  }
  // Fields but for names have one length, so what is beyond them is names: of too many nothing is read.
  const namesBytes = directory.bytes - directory.entries * CENTRAL_BYTES;
  if (namesBytes > limits.maxNamesBytes) {
    const detail = `The names of the entries have ${namesBytes} bytes together; ${limits.maxNamesBytes} are allowed.`;
    return [problem('PACKAGE_TOO_LARGE', detail)];
  }
  // Each name is limited too, so a directory far beyond this cannot be canonical: do not read it at all.
  const mostBytes = directory.entries * (CENTRAL_BYTES + limits.maxNameBytes + 28);
  return directory.bytes > mostBytes
    ? [form('The central directory is larger than its entries can be.')]
    : [];
}

function parseDirectory(raw: Buffer, directory: Directory): ParsedRecord[] {
  const records: ParsedRecord[] = [];
  let at = 0;
  while (at < raw.length) {
    const record = parseCentralRecord(raw, at);
    if (!record) break;
    records.push(record);
    at += record.raw.length;
  }
  const complete =
    at === raw.length && raw.length === directory.bytes && records.length === directory.entries;
  if (!complete)
    refuseIfAny([form('The central directory does not hold the entries that the end record counts.')]);
  return records;
}

/** The fields of a central record by offset, to say which one is not canonical. */
const FIELDS: readonly [end: number, name: string][] = [
  [6, 'version made by'],
  [8, 'version needed'],
  [10, 'flags (encrypted, data descriptor, not UTF-8)'],
  [12, 'method'],
  [16, 'time or date'],
  [20, 'checksum'],
  [28, 'sizes'],
  [30, 'name length'],
  [32, 'extra fields'],
  [34, 'comment'],
  [38, 'disk or internal attributes'],
  [42, 'mode'],
  [46, 'offset'],
];

const SYMLINK = 0o120000;
const FOLDER = 0o040000;

function checkRecord({ entry, raw, fileType }: ParsedRecord): Problem[] {
  const name = quoteName(entry.path);
  if (!isEncodable(entry)) return [form(`${name} declares sizes that no entry can have.`, entry.path)];
  const expected = centralRecord(entry);
  if (expected.equals(raw)) return [];
  if (fileType === SYMLINK) return [form(`${name} is a symbolic link.`, entry.path)];
  if (fileType === FOLDER) return [form(`${name} is a folder; only files are packed.`, entry.path)];
  const at = raw.findIndex((byte, index) => byte !== expected[index]);
  const field = FIELDS.find(([end]) => at < end)?.[1] ?? 'name or extra fields';
  return [form(`${name} has a record that is not canonical: ${field}.`, entry.path)];
}

/** Entries must follow each other without gap or overlap, each header agreeing with the directory. */
async function checkPlaces(
  reader: FileReader,
  entries: readonly EntryRecord[],
  end: number,
): Promise<{ placed: PlacedEntry[]; misplaced: Problem[] }> {
  const placed: PlacedEntry[] = [];
  let next = 0;
  for (const entry of entries) {
    const misplaced = await checkPlace(reader, entry, next, end);
    if (misplaced) return { placed, misplaced: [misplaced] };
    const dataStart = next + localHeader(entry).length;
    placed.push({ ...entry, dataStart });
    next = dataStart + entry.compressedBytes;
  }
  return {
    placed,
    misplaced: next === end ? [] : [form('There are bytes between the last entry and the directory.')],
  };
}

async function checkPlace(
  reader: FileReader,
  entry: EntryRecord,
  start: number,
  end: number,
): Promise<Problem | undefined> {
  const name = quoteName(entry.path);
  if (!isEncodable(entry)) return form(`${name} has no place that could be checked.`, entry.path);
  if (entry.offset !== start) {
    return form(
      `${name} does not start where the entry before it ends: gap, overlap or other bytes.`,
      entry.path,
    );
  }
  const header = localHeader(entry);
  if (start + header.length + entry.compressedBytes > end)
    return form(`${name} reaches beyond the entries.`, entry.path);
  const raw = await reader.read(start, header.length);
  return raw.equals(header)
    ? undefined
    : form(`${name}: the local header differs from the directory.`, entry.path);
}
