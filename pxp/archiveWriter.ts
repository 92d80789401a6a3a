import { createHash, type Hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SourceFile } from './collect';
import { CHUNK_BYTES, splitIntoChunks, deflateChunk, type Chunk, type DeflatedChunk } from './deflate';
import { createFileWriter, type FileWriter } from './fileWriter';
import { readAhead } from './readAhead';
import { DEFLATED, STORED, centralRecord, endRecords, localHeader, type EntryRecord } from './zipRecords';

// Enough chunks for every thread of the pool with some in reserve; each counts twice, read and deflated.
const BUDGET_BYTES = 8 * CHUNK_BYTES;
// What a tiny file weighs beside its bytes: a deflate state of zlib, the promise, the open file.
const CHUNK_OVERHEAD_BYTES = 256 * 1024;

/** Writes one archive front to back. */
export interface ArchiveWriter {
  /** Adds files in the given order. @returns SHA-256 (hex) by path */
  add(files: readonly SourceFile[], onBytes?: (bytes: number) => void): Promise<Map<string, string>>;
  /** Writes the directory and forces the file to disk. */
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/** An entry while its content is being written. */
interface OpenEntry {
  record: EntryRecord;
  hash: Hash;
}

/** Starts an archive in a file that must not exist yet. The caller answers for names and order. */
export async function createArchive(path: string): Promise<ArchiveWriter> {
  const out = await createFileWriter(path);
  const entries: EntryRecord[] = [];

  async function add(
    files: readonly SourceFile[],
    onBytes?: (bytes: number) => void,
  ): Promise<Map<string, string>> {
    const digests = new Map<string, string>();
    let open: OpenEntry | undefined;
    for await (const chunk of deflatedChunks(files)) {
      open ??= openEntry(chunk, out.position());
      note(open, chunk);
      await write(out, open, chunk);
      onBytes?.(chunk.bytes);
      if (!chunk.last) continue;
      entries.push(open.record);
      digests.set(open.record.path, open.hash.digest('hex'));
      open = undefined;
    }
    return digests;
  }

  async function finish(): Promise<void> {
    const offset = out.position();
    for (const entry of entries) await out.append(centralRecord(entry));
    await out.append(endRecords({ entries: entries.length, offset, bytes: out.position() - offset }));
    await out.finish();
  }

  return { add, finish, abandon: () => out.abandon() };
}

const deflatedChunks = (files: readonly SourceFile[]): AsyncGenerator<DeflatedChunk> =>
  readAhead(allChunks(files), {
    budget: BUDGET_BYTES,
    weigh: (chunk) => chunk.bytes + CHUNK_OVERHEAD_BYTES,
    start: deflateChunk,
  });

function* allChunks(files: readonly SourceFile[]): Generator<Chunk> {
  for (const file of files) yield* splitIntoChunks(file);
}

/** A file of one chunk is stored where deflating gains nothing; longer ones hold stored blocks instead. */
function openEntry(first: DeflatedChunk, offset: number): OpenEntry {
  const { path, bytes, executable } = first.file;
  const stored = first.last && first.deflated.length >= first.raw.length;
  const method = stored ? STORED : DEFLATED;
  return {
    hash: createHash('sha256'),
    record: { path, bytes, executable, method, offset, crc32: 0, compressedBytes: 0 },
  };
}

/** Digests are taken here, in the order of the file, while the pool deflates what comes next. */
function note({ record, hash }: OpenEntry, chunk: DeflatedChunk): void {
  hash.update(chunk.raw);
  record.crc32 = crc32(chunk.raw, record.crc32);
  record.compressedBytes += toStoredBytes(record, chunk).length;
}

const toStoredBytes = (record: EntryRecord, chunk: DeflatedChunk): Buffer =>
  record.method === STORED ? chunk.raw : chunk.deflated;

/** The header holds checksum and sizes, so that of a long file is written twice: first to keep the room. */
async function write(out: FileWriter, { record }: OpenEntry, chunk: DeflatedChunk): Promise<void> {
  if (chunk.start === 0) await out.append(localHeader(record));
  await out.append(toStoredBytes(record, chunk));
  if (chunk.last && chunk.start > 0) await out.patch(record.offset, localHeader(record));
}
