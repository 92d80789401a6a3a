/**
 * The only zip records that a package may hold, as bytes (APPNOTE 6.3.10, sections 4.3.7 to 4.3.16).
 * The reader compares every record with what these functions would have written, so a field that
 * is not an input here cannot carry anything.
 */

export const STORED = 0;
export const DEFLATED = 8;

/** What an entry's records are made of. Sizes and offset are bytes; `offset` is of the local header. */
export interface EntryRecord {
  path: string;
  method: number;
  crc32: number;
  compressedBytes: number;
  bytes: number;
  executable: boolean;
  offset: number;
}

/** Where the central directory lies. */
export interface Directory {
  entries: number;
  offset: number;
  bytes: number;
}

export const LOCAL_SIGNATURE = 0x04034b50;
export const CENTRAL_SIGNATURE = 0x02014b50;
export const END_SIGNATURE = 0x06054b50;
export const END64_SIGNATURE = 0x06064b50;
export const LOCATOR64_SIGNATURE = 0x07064b50;

export const LOCAL_BYTES = 30;
export const CENTRAL_BYTES = 46;
export const END_BYTES = 22;
export const END64_BYTES = 56;
export const LOCATOR64_BYTES = 20;
export const UINT16_MAX = 0xffff;
export const UINT32_MAX = 0xffffffff;
const ZIP64_EXTRA = 0x0001;

const VERSION_PLAIN = 20;
const VERSION_ZIP64 = 45;
// Upper byte 3: the external attributes are those of Unix.
const MADE_BY_UNIX = 0x0300 | VERSION_ZIP64;
const FLAG_UTF8 = 0x0800;
// The earliest moment that DOS time can say: 1980-01-01 00:00:00.
const DOS_TIME = 0;
const DOS_DATE = 0x0021;
const MODE_PLAIN = 0o100644;
const MODE_EXECUTABLE = 0o100755;

// Decided by the inflated size alone, because the header is laid out before the deflated size is
// known; the margin below 4 GiB is far more than deflate can ever add.
const ZIP64_FROM_BYTES = 0xf0000000;

/** Whether the sizes of an entry are in a ZIP64 field. */
export const hasZip64Sizes = (bytes: number): boolean => bytes >= ZIP64_FROM_BYTES;

/** Whether records of the entry can be written at all; what a hostile directory declares may not fit. */
export function isEncodable(entry: EntryRecord): boolean {
  const numbers = [entry.bytes, entry.compressedBytes, entry.offset];
  const fits = hasZip64Sizes(entry.bytes) || entry.compressedBytes < UINT32_MAX;
  return fits && numbers.every(Number.isSafeInteger) && Buffer.byteLength(entry.path) <= UINT16_MAX;
}

/** Unix permission bits of an entry: two values only, whatever the umask was. */
export const toMode = (executable: boolean): number => (executable ? MODE_EXECUTABLE : MODE_PLAIN) & 0o777;

/** Bytes of the external attributes as a little-endian field value. */
export const toExternalAttributes = (executable: boolean): number =>
  ((executable ? MODE_EXECUTABLE : MODE_PLAIN) << 16) >>> 0;

/** The ZIP64 field with the given 64-bit values; empty when there are none. */
function zip64Field(values: readonly number[]): Buffer {
  if (values.length === 0) return Buffer.alloc(0);
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(ZIP64_EXTRA, 0);
  field.writeUInt16LE(8 * values.length, 2);
  values.forEach((value, index) => field.writeBigUInt64LE(BigInt(value), 4 + 8 * index));
  return field;
}

/** Writes the fields that local header and central record share, from `version needed` to `name length`. */
function writeCommon(record: Buffer, at: number, entry: EntryRecord, nameBytes: number): void {
  const wide = hasZip64Sizes(entry.bytes);
  record.writeUInt16LE(FLAG_UTF8, at + 2);
  record.writeUInt16LE(entry.method, at + 4);
  record.writeUInt16LE(DOS_TIME, at + 6);
  record.writeUInt16LE(DOS_DATE, at + 8);
  record.writeUInt32LE(entry.crc32, at + 10);
  record.writeUInt32LE(wide ? UINT32_MAX : entry.compressedBytes, at + 14);
  record.writeUInt32LE(wide ? UINT32_MAX : entry.bytes, at + 18);
  record.writeUInt16LE(nameBytes, at + 22);
}

/** The local header of an entry, name and ZIP64 field included. */
export function localHeader(entry: EntryRecord): Buffer {
  const name = Buffer.from(entry.path);
  const wide = hasZip64Sizes(entry.bytes);
  const extra = zip64Field(wide ? [entry.bytes, entry.compressedBytes] : []);
  const fixed = Buffer.alloc(LOCAL_BYTES);
  fixed.writeUInt32LE(LOCAL_SIGNATURE, 0);
  fixed.writeUInt16LE(wide ? VERSION_ZIP64 : VERSION_PLAIN, 4);
  writeCommon(fixed, 4, entry, name.length);
  fixed.writeUInt16LE(extra.length, 28);
  return Buffer.concat([fixed, name, extra]);
}

/** The record of an entry in the central directory. */
export function centralRecord(entry: EntryRecord): Buffer {
  const name = Buffer.from(entry.path);
  const wideSizes = hasZip64Sizes(entry.bytes);
  const wideOffset = entry.offset >= UINT32_MAX;
  const sizes = wideSizes ? [entry.bytes, entry.compressedBytes] : [];
  const extra = zip64Field(wideOffset ? [...sizes, entry.offset] : sizes);
  const fixed = Buffer.alloc(CENTRAL_BYTES);
  fixed.writeUInt32LE(CENTRAL_SIGNATURE, 0);
  fixed.writeUInt16LE(MADE_BY_UNIX, 4);
  fixed.writeUInt16LE(extra.length > 0 ? VERSION_ZIP64 : VERSION_PLAIN, 6);
  writeCommon(fixed, 6, entry, name.length);
  fixed.writeUInt16LE(extra.length, 30);
  fixed.writeUInt32LE(toExternalAttributes(entry.executable), 38);
  fixed.writeUInt32LE(wideOffset ? UINT32_MAX : entry.offset, 42);
  return Buffer.concat([fixed, name, extra]);
}

/** Whether the end of the archive needs its ZIP64 records. */
export const needsEnd64 = (directory: Directory): boolean =>
  directory.entries >= UINT16_MAX || directory.offset >= UINT32_MAX || directory.bytes >= UINT32_MAX;

/** What follows the central directory up to the last byte of the file. */
export function endRecords(directory: Directory): Buffer {
  const end = Buffer.alloc(END_BYTES);
  const entries = Math.min(directory.entries, UINT16_MAX);
  end.writeUInt32LE(END_SIGNATURE, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(Math.min(directory.bytes, UINT32_MAX), 12);
  end.writeUInt32LE(Math.min(directory.offset, UINT32_MAX), 16);
  return needsEnd64(directory) ? Buffer.concat([end64(directory), end]) : end;
}

function end64(directory: Directory): Buffer {
  const records = Buffer.alloc(END64_BYTES + LOCATOR64_BYTES);
  records.writeUInt32LE(END64_SIGNATURE, 0);
  records.writeBigUInt64LE(BigInt(END64_BYTES - 12), 4);
  records.writeUInt16LE(MADE_BY_UNIX, 12);
  records.writeUInt16LE(VERSION_ZIP64, 14);
  records.writeBigUInt64LE(BigInt(directory.entries), 24);
  records.writeBigUInt64LE(BigInt(directory.entries), 32);
  records.writeBigUInt64LE(BigInt(directory.bytes), 40);
  records.writeBigUInt64LE(BigInt(directory.offset), 48);
  records.writeUInt32LE(LOCATOR64_SIGNATURE, END64_BYTES);
  records.writeBigUInt64LE(BigInt(directory.offset + directory.bytes), END64_BYTES + 8);
  records.writeUInt32LE(1, END64_BYTES + 16);
  return records;
}
