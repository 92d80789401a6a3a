import { open, type FileHandle } from 'node:fs/promises';

const STAGE_BYTES = 1024 * 1024;

/** A new file, written front to back in large pieces, with room to patch what was written before. */
export interface FileWriter {
  /** Bytes appended so far: where the next ones go. */
  position(): number;
  append(data: Buffer): Promise<void>;
  /** Overwrites bytes that were appended before. */
  patch(position: number, data: Buffer): Promise<void>;
  /** Forces everything to disk and closes. */
  finish(): Promise<void>;
  /** Closes after a failure. */
  abandon(): Promise<void>;
}

/** Creates a file that must not exist yet. What is appended is copied into one stage, never kept. */
export async function createFileWriter(path: string): Promise<FileWriter> {
  const handle = await open(path, 'wx');
  const stage = Buffer.allocUnsafe(STAGE_BYTES);
  let staged = 0;
  let written = 0;

  async function flush(): Promise<void> {
    await writeFully(handle, stage.subarray(0, staged), written);
    written += staged;
    staged = 0;
  }

  async function append(data: Buffer): Promise<void> {
    if (staged + data.length > STAGE_BYTES) await flush();
    if (data.length > STAGE_BYTES) {
      await writeFully(handle, data, written);
      written += data.length;
    } else {
      staged += data.copy(stage, staged);
    }
  }

  async function patch(position: number, data: Buffer): Promise<void> {
    await flush();
    await writeFully(handle, data, position);
  }

  async function finish(): Promise<void> {
    await flush();
    await handle.sync();
    await handle.close();
  }

  return { position: () => written + staged, append, patch, finish, abandon: () => handle.close() };
}

/**
 * Writes pieces into a new file and forces it to disk; `see` is shown each of them on its way. What was
 * written when it fails stays there, for the caller to remove.
 */
export async function writePieces(
  path: string,
  pieces: AsyncIterable<Buffer>,
  see: (piece: Buffer) => void,
): Promise<void> {
  const writer = await createFileWriter(path);
  try {
    for await (const piece of pieces) {
      see(piece);
      await writer.append(piece);
    }
    await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

async function writeFully(handle: FileHandle, data: Buffer, position: number): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}
