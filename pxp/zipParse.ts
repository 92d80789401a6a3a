import {
  CENTRAL_BYTES,
  CENTRAL_SIGNATURE,
  END64_BYTES,
  END64_SIGNATURE,
  END_BYTES,
  END_SIGNATURE,
  LOCATOR64_BYTES,
  UINT16_MAX,
  UINT32_MAX,
  toExternalAttributes,
  type Directory,
  type EntryRecord,
} from './zipRecords';

/**
 * Reads records as they claim to be. Nothing here judges: the caller writes the records again from
 * what was read and compares the bytes, so a lie in any field that was skipped shows up there.
 */

/** The longest tail that the end of an archive can take. */
export const MAX_END_BYTES = END_BYTES + LOCATOR64_BYTES + END64_BYTES;

/** What the last bytes of a file say about its directory, or undefined when they are no end record. */
export function parseEnd(tail: Buffer): Directory | undefined {
  const end = tail.subarray(tail.length - END_BYTES);
  if (end.length < END_BYTES || end.readUInt32LE(0) !== END_SIGNATURE) return undefined;
  const plain = { entries: end.readUInt16LE(10), bytes: end.readUInt32LE(12), offset: end.readUInt32LE(16) };
  const saturated = plain.entries === UINT16_MAX || plain.bytes === UINT32_MAX || plain.offset === UINT32_MAX;
  return (saturated ? parseEnd64(tail) : undefined) ?? plain;
}

function parseEnd64(tail: Buffer): Directory | undefined {
  if (tail.length < MAX_END_BYTES) return undefined;
  const record = tail.subarray(tail.length - MAX_END_BYTES);
  if (record.readUInt32LE(0) !== END64_SIGNATURE) return undefined;
  return { entries: readUInt64(record, 32), bytes: readUInt64(record, 40), offset: readUInt64(record, 48) };
}

/** A 64-bit value; anything beyond what a number holds exactly becomes Infinity and fails every limit. */
function readUInt64(buffer: Buffer, at: number): number {
  const value = buffer.readBigUInt64LE(at);
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Infinity : Number(value);
}

/** A central record as read: its entry and its raw bytes. `fileType` (Unix) is for the message alone. */
export interface ParsedRecord {
  entry: EntryRecord;
  raw: Buffer;
  fileType: number;
}

/** The record that starts at `at`, or undefined when none fits there. */
export function parseCentralRecord(directory: Buffer, at: number): ParsedRecord | undefined {
  if (at + CENTRAL_BYTES > directory.length) return undefined;
  if (directory.readUInt32LE(at) !== CENTRAL_SIGNATURE) return undefined;
  const nameBytes = directory.readUInt16LE(at + 28);
  const extraBytes = directory.readUInt16LE(at + 30);
  const commentBytes = directory.readUInt16LE(at + 32);
  const end = at + CENTRAL_BYTES + nameBytes + extraBytes + commentBytes;
  if (end > directory.length) return undefined;
  const raw = directory.subarray(at, end);
  const attributes = raw.readUInt32LE(38);
  const wide = wideValues(raw.subarray(CENTRAL_BYTES + nameBytes, CENTRAL_BYTES + nameBytes + extraBytes));
  const bytes = widened(raw.readUInt32LE(24), wide);
  const compressedBytes = widened(raw.readUInt32LE(20), wide);
  return {
    raw,
    fileType: (attributes >>> 16) & 0o170000,
    entry: {
      path: raw.toString('utf8', CENTRAL_BYTES, CENTRAL_BYTES + nameBytes),
      method: raw.readUInt16LE(10),
      crc32: raw.readUInt32LE(16),
      bytes,
      compressedBytes,
      executable: attributes === toExternalAttributes(true),
      offset: widened(raw.readUInt32LE(42), wide),
    },
  };
}

/** The 64-bit values of a leading ZIP64 field, in their order: inflated, deflated, offset. */
function wideValues(extra: Buffer): number[] {
  if (extra.length < 4) return [];
  const count = Math.floor(Math.min(extra.readUInt16LE(2), extra.length - 4) / 8);
  return Array.from({ length: count }, (_, index) => readUInt64(extra, 4 + 8 * index));
}

/** A 32-bit field, or the next 64-bit value when the field says that it did not fit. */
const widened = (value: number, wide: number[]): number =>
  value === UINT32_MAX ? (wide.shift() ?? value) : value;
