import { Readable, pipeline } from 'node:stream';
import { promisify } from 'node:util';
import { crc32, createInflateRaw, inflateRaw } from 'node:zlib';
import { Refusal, problem } from '../core/errors/errors';
import type { FileReader } from './fileReader';
import type { PlacedEntry } from './form';
import { quoteName } from '../core/foreignText';
import { STORED } from './zipRecords';

// Small pieces are collected sooner: with 256 KiB a worker peaked some 10 MB higher at no gain in time.
const CHUNK_BYTES = 64 * 1024;
// Up to this size one call of zlib is cheaper than a stream, and still far from a burden.
const WHOLE_BYTES = 1024 * 1024;

const inflateWhole = promisify<Buffer, object, { buffer: Buffer; engine: { bytesWritten: number } }>(
  (data, options, done) => {
    // With `info` the callback gets the engine too, which the type declarations do not know.
    inflateRaw(data, options, (error, result) => done(error, result as never));
  },
);

const mismatch = (entry: PlacedEntry, detail: string, cause?: unknown): Refusal =>
  new Refusal([problem('INTEGRITY_MISMATCH', `${quoteName(entry.path)} ${detail}.`, entry.path)], { cause });

/**
 * The inflated bytes of an entry, in pieces. Never yields more than the declared size.
 *
 * @throws Refusal with INTEGRITY_MISMATCH when the data do not inflate to exactly the declared size
 *   and checksum, or when bytes are left over after them
 */
export async function* readContent(reader: FileReader, entry: PlacedEntry): AsyncGenerator<Buffer> {
  let checksum = 0;
  let bytes = 0;
  for await (const piece of streamContent(reader, entry)) {
    bytes += piece.length;
    if (bytes > entry.bytes) throw mismatch(entry, 'inflates to more than its declared size');
    checksum = crc32(piece, checksum);
    yield piece;
  }
  if (bytes !== entry.bytes) throw mismatch(entry, 'inflates to less than its declared size');
  if (checksum !== entry.crc32) throw mismatch(entry, 'does not have its declared checksum');
}

function streamContent(reader: FileReader, entry: PlacedEntry): AsyncGenerator<Buffer> {
  if (entry.method === STORED) return rawPieces(reader, entry);
  const small = Math.max(entry.bytes, entry.compressedBytes) <= WHOLE_BYTES;
  return small ? inflatedWhole(reader, entry) : inflatedPieces(reader, entry);
}

async function* rawPieces(reader: FileReader, entry: PlacedEntry): AsyncGenerator<Buffer> {
  const end = entry.dataStart + entry.compressedBytes;
  for (let position = entry.dataStart; position < end; position += CHUNK_BYTES) {
    yield await reader.read(position, Math.min(CHUNK_BYTES, end - position));
  }
}

async function* inflatedWhole(reader: FileReader, entry: PlacedEntry): AsyncGenerator<Buffer> {
  const raw = await reader.read(entry.dataStart, entry.compressedBytes);
  const options = { info: true, maxOutputLength: entry.bytes, chunkSize: Math.max(64, entry.bytes) };
  const inflated = await inflateWhole(raw, options).catch((error: unknown) => {
    throw mismatch(entry, 'does not inflate', error);
  });
  checkUsed(entry, inflated.engine.bytesWritten);
  yield inflated.buffer;
}

async function* inflatedPieces(reader: FileReader, entry: PlacedEntry): AsyncGenerator<Buffer> {
  const inflate = createInflateRaw({ chunkSize: CHUNK_BYTES });
  // The outcome is seen by the loop below: an error of either stream destroys `inflate` with it.
  pipeline(Readable.from(rawPieces(reader, entry)), inflate, () => undefined);
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    throw mismatch(entry, 'does not inflate', error);
  }
  checkUsed(entry, inflate.bytesWritten);
}

/** Bytes behind the end of the deflated data could carry anything, so there must be none. */
function checkUsed(entry: PlacedEntry, used: number): void {
  if (used !== entry.compressedBytes) throw mismatch(entry, 'is followed by bytes that belong to nothing');
}
