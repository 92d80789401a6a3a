import { limits } from '../core/limits';
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { getFileSize, readPieces } from '../platform/files/read';

/** One part of an upload. `start` and `bytes` place it in the file; numbers start at 1. */
export interface UploadPart {
  number: number;
  start: number;
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
  /** Base64, as the Content-MD5 header wants it. */
  md5: string;
}

/** How a file is cut into parts, and what it is as a whole. */
export interface UploadPlan {
  parts: UploadPart[];
  partBytes: number;
  bytes: number;
  /** SHA-256 of the whole file, lower-case hex. */
  sha256: string;
}

const MIB = 1024 * 1024;
const MIN_PART_BYTES = 8 * MIB;
/** Joined in the object store by a tree of `compose` calls, 32 parts each: two levels hold 128 with ease. */
export const MAX_PARTS = limits.parts;

/**
 * The part size of a file: `least`, or as many whole MiB as keep it at 128 parts.
 *
 * @param least the wanted size in bytes, 8 MiB by default
 */
export const partBytesFor = (bytes: number, least: number = MIN_PART_BYTES): number =>
  Math.max(least, Math.ceil(bytes / MAX_PARTS / MIB) * (bytes > least * MAX_PARTS ? MIB : 0));

/**
 * Cuts a file into parts and digests each of them and the whole, in one pass that holds one piece
 * at a time. An empty file is one empty part.
 */
export async function planUpload(path: string, options: { partBytes?: number } = {}): Promise<UploadPlan> {
  const bytes = await getFileSize(path);
  const partBytes = partBytesFor(bytes, options.partBytes);
  const whole = createHash('sha256');
  const parts: UploadPart[] = [];
  do {
    const start = parts.length * partBytes;
    const length = Math.min(partBytes, bytes - start);
    const digests = await digestRange(path, start, length, whole);
    parts.push({ number: parts.length + 1, start, bytes: length, ...digests });
  } while (parts.length * partBytes < bytes);
  return { parts, partBytes, bytes, sha256: whole.digest('hex') };
}

async function digestRange(path: string, start: number, length: number, whole: Hash) {
  const sha256 = createHash('sha256');
  const md5 = createHash('md5');
  for await (const piece of readPieces(await open(path, 'r'), { start, end: start + length })) {
    for (const hash of [whole, sha256, md5]) hash.update(piece);
  }
  return { sha256: sha256.digest('hex'), md5: md5.digest('base64') };
}

/**
 * The parts alone; see {@link planUpload}.
 *
 * @internal for tests
 */
export async function planParts(path: string, options: { partBytes?: number } = {}): Promise<UploadPart[]> {
  return (await planUpload(path, options)).parts;
}
