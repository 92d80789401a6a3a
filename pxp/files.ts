import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 256 * 1024;

/** Whether a regular file is there; a folder of that name is not a file. */
export async function fileExists(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Only absence means "no such file"; a folder that may not be read is an error to be told. */
const isAbsence = (error: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Size of a file in bytes. */
export async function getFileSize(path: string): Promise<number> {
  return (await stat(path)).size;
}

/** SHA-256 of a file in lower-case hex, streamed. */
export async function calculateChecksum(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(await open(path, 'r'))) hash.update(piece);
  return hash.digest('hex');
}

/**
 * The bytes of an open file from `start` up to `end` (not included), in pieces; closes it in the end.
 * All of them share one buffer, so each is valid until the next is asked for: what a stream of new
 * buffers leaves behind is only collected when tens of megabytes have gathered.
 */
export async function* readPieces(
  handle: FileHandle,
  { start = 0, end = Infinity }: { start?: number; end?: number } = {},
): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(PIECE_BYTES);
  try {
    let position = start;
    while (position < end) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(PIECE_BYTES, end - position), position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** Makes earlier renames and creations in a folder survive a power cut, where the platform can. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; there the rename itself is as durable as it gets.
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Writes a new file and forces it to disk. */
export async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
