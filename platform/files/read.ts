import { createHash } from 'node:crypto';
import { open, stat, type FileHandle } from 'node:fs/promises';

const PIECE_BYTES = 256 * 1024;

/** Size of a file in bytes. */
export async function getFileSize(file: string): Promise<number> {
  return (await stat(file)).size;
}

/** SHA-256 of a file in lower-case hex, streamed. */
export async function calculateChecksum(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of readPieces(await open(file, 'r'))) hash.update(piece);
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
