import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../../core/errors/errors';
import { readPieces } from '../../../platform/files/read';
import { writePieces } from '../../../pxp/fileWriter';

/** Bytes that were received and are durable, under a temporary name. */
export interface IncomingFile {
  path: string;
  bytes: number;
  /** Base64. */
  md5: string;
  /** Lower-case hex. */
  sha256: string;
}

/** Streams of bytes to be joined, each opened when its turn comes. */
export type Bodies = Iterable<AsyncIterable<Buffer>> | AsyncIterable<AsyncIterable<Buffer>>;

/** What the bytes must be; checked while they arrive. */
export interface Expectation {
  bytes: number;
  /** Lower-case hex. */
  sha256: string;
}

/**
 * Writes the bodies, one after another, into a new temporary file of `folder`, hashing on the way.
 *
 * Refuses with PART_LENGTH at the first byte too many (nothing more is read), or at the end for too
 * few, and with PART_DIGEST. Whatever fails, the temporary file is gone.
 */
export async function receive(folder: string, bodies: Bodies, expected?: Expectation): Promise<IncomingFile> {
  await mkdir(folder, { recursive: true });
  const file = path.join(folder, randomUUID());
  try {
    const received = await writeHashed(file, bodies, expected?.bytes);
    if (expected) assertExpected(received, expected);
    return received;
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  }
}

async function writeHashed(
  file: string,
  bodies: Bodies,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<IncomingFile> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')];
  let bytes = 0;
  // The bytes are durable before they get a name.
  await writePieces(file, joined(bodies), (piece) => {
    bytes += piece.length;
    if (bytes > limit) throw tooLong(limit);
    sha256.update(piece);
    md5.update(piece);
  });
  return { path: file, bytes, sha256: sha256.digest('hex'), md5: md5.digest('base64') };
}

async function* joined(bodies: Bodies): AsyncGenerator<Buffer> {
  for await (const body of bodies) yield* body;
}

const tooLong = (limit: number) => refusal('PART_LENGTH', `More than the signed ${limit} bytes arrived.`);

function assertExpected(received: IncomingFile, expected: Expectation): void {
  if (received.bytes !== expected.bytes) {
    throw refusal(
      'PART_LENGTH',
      `${received.bytes} bytes arrived, but the URL is signed for ${expected.bytes}.`,
    );
  }
  if (received.sha256 !== expected.sha256) {
    throw refusal(
      'PART_DIGEST',
      `The bytes have SHA-256 ${received.sha256}; the URL is signed for ${expected.sha256}.`,
    );
  }
}

/** The MD5 (base64) of a file's bytes. */
export async function digestMd5(file: string): Promise<string> {
  const md5 = createHash('md5');
  for await (const piece of readPieces(await open(file, 'r'))) md5.update(piece);
  return md5.digest('base64');
}

/** Removes temporary files that a killed process left behind before `olderThan`. */
export async function sweep(folder: string, olderThan: Date): Promise<number> {
  await mkdir(folder, { recursive: true });
  let removed = 0;
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (!info || info.mtime >= olderThan) continue;
    await rm(file, { force: true });
    removed += 1;
  }
  return removed;
}
