import { closeSync, constants, openSync, readSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const WINDOW_BYTES = 64 * 1024;
// A source was a regular file when it was listed; a link put there since then is not followed.
const READ_ONLY = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0);

/** Random reads from one open file. */
export interface FileReader {
  readonly path: string;
  readonly bytes: number;
  readonly handle: FileHandle;
  /** Up to `length` bytes from `position`; shorter only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  close(): Promise<void>;
}

/** Opens a file for random reads; neighbouring short reads share one read of the disk. */
export async function openFileReader(path: string): Promise<FileReader> {
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  let window: { start: number; data: Buffer } = { start: 0, data: Buffer.alloc(0) };

  async function read(position: number, length: number): Promise<Buffer> {
    const start = position - window.start;
    if (start >= 0 && start + length <= window.data.length)
      return window.data.subarray(start, start + length);
    const data = await readFully(handle, position, Math.max(length, WINDOW_BYTES));
    window = { start: position, data };
    return data.subarray(0, length);
  }

  return { path, bytes: size, handle, read, close: () => handle.close() };
}

/** Reads until the length is reached or the file ends. */
export async function readFully(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const data = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(data, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return data.subarray(0, filled);
}

/** Up to `length` bytes of a source file from `position`; shorter when it ends before. */
export async function readRange(path: string, position: number, length: number): Promise<Buffer> {
  const handle = await open(path, READ_ONLY);
  try {
    return await readFully(handle, position, length);
  } finally {
    await handle.close();
  }
}

/** The same for small files, on this thread. */
export function readRangeBlocking(path: string, position: number, length: number): Buffer {
  const descriptor = openSync(path, READ_ONLY);
  try {
    const data = Buffer.allocUnsafe(length);
    let filled = 0;
    for (let read = -1; filled < length && read !== 0; filled += read) {
      read = readSync(descriptor, data, filled, length - filled, position + filled);
    }
    return data.subarray(0, filled);
  } finally {
    closeSync(descriptor);
  }
}
