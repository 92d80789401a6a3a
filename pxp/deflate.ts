import { promisify } from 'node:util';
import { constants as zlibConstants, deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib';
import { refusal } from '../core/errors/errors';
import type { SourceFile } from './collect';
import { readRange, readRangeBlocking } from './fileReader';
import { DEFAULT_LIMITS } from './format';
import { quoteName } from '../core/foreignText';

/**
 * Files are deflated in chunks of this size on the thread pool, several at once, and the pieces are
 * joined into one stream. The size is part of the format's reproducibility: never derive it from
 * the machine.
 */
export const CHUNK_BYTES = 1024 * 1024;
const WINDOW_BYTES = 32 * 1024;
const LEVEL = 6;
// Three trips to the thread pool for a small file take twenty times the work of just reading it.
const BLOCKING_BYTES = 256 * 1024;
const SAMPLES = 8;
const SAMPLE_BYTES = 2 * 1024;
const PROBE_FROM_BYTES = 256 * 1024;
const WORTHWHILE = 0.97;

/** A piece of a file: where it lies, and whether the file ends with it. */
export interface Chunk {
  file: SourceFile;
  start: number;
  bytes: number;
  last: boolean;
}

/** A chunk after deflating: `raw` as in the file, `deflated` as in the entry's one deflate stream. */
export interface DeflatedChunk extends Chunk {
  raw: Buffer;
  deflated: Buffer;
}

/** The chunks of a file in order; an empty file is one empty chunk. */
export function* splitIntoChunks(file: SourceFile): Generator<Chunk> {
  let start = 0;
  do {
    const bytes = Math.min(CHUNK_BYTES, file.bytes - start);
    yield { file, start, bytes, last: start + bytes === file.bytes };
    start += bytes;
  } while (start < file.bytes);
}

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);

/**
 * Reads a chunk and deflates it as pigz does: it may refer to the 32 KiB before it, and ends at a byte
 * boundary, so chunks that were deflated apart form one stream when written one after another.
 *
 * @throws Refusal with PACKAGE_SOURCE_CHANGED when the file is no longer what was listed
 */
export async function deflateChunk(chunk: Chunk): Promise<DeflatedChunk> {
  const overlap = Math.min(WINDOW_BYTES, chunk.start);
  const data = await readChunk(chunk, overlap);
  const raw = data.subarray(overlap);
  const dictionary = overlap > 0 ? data.subarray(0, overlap) : undefined;
  return { ...chunk, raw, deflated: await deflateRawChunk(raw, dictionary, chunk.last) };
}

async function deflateRawChunk(raw: Buffer, dictionary: Buffer | undefined, last: boolean): Promise<Buffer> {
  const options: ZlibOptions = {
    level: isWorthwhile(raw) ? LEVEL : 0,
    finishFlush: last ? zlibConstants.Z_FINISH : zlibConstants.Z_SYNC_FLUSH,
    // One trip to the thread pool: room for the worst case, in which everything is stored.
    chunkSize: raw.length + Math.ceil(raw.length / 1000) + 64,
    ...(dictionary ? { dictionary } : {}),
  };
  const deflated = await deflate(raw, options);
  // A reader refuses what deflates too well to be told from a bomb; such a chunk is kept as it is.
  const bomb =
    raw.length > DEFAULT_LIMITS.ratioFreeBytes && raw.length > DEFAULT_LIMITS.maxRatio * deflated.length;
  return bomb ? await deflate(raw, { ...options, level: 0 }) : deflated;
}

/** Whether deflating pays, judged by samples from end to end: media and archives gain nothing. */
function isWorthwhile(raw: Buffer): boolean {
  if (raw.length < PROBE_FROM_BYTES) return true;
  const stride = Math.floor((raw.length - SAMPLE_BYTES) / (SAMPLES - 1));
  const starts = Array.from({ length: SAMPLES }, (_, index) => index * stride);
  const sample = Buffer.concat(starts.map((start) => raw.subarray(start, start + SAMPLE_BYTES)));
  return deflateRawSync(sample, { level: 1 }).length < WORTHWHILE * sample.length;
}

async function readChunk({ file, start, bytes, last }: Chunk, overlap: number): Promise<Buffer> {
  if ('data' in file.from) return file.from.data.subarray(start - overlap, start + bytes);
  // One byte more than the file had when it was listed: seeing it costs less than asking for the size.
  const wanted = overlap + bytes + (last ? 1 : 0);
  const read = bytes <= BLOCKING_BYTES ? readRangeBlocking : readRange;
  const data = await read(file.from.file, start - overlap, wanted);
  if (data.length === overlap + bytes) return data;
  throw refusal(
    'PACKAGE_SOURCE_CHANGED',
    `${quoteName(file.path)} changed while it was being packed.`,
    file.path,
  );
}
