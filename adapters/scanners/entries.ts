import type { OpenPackage, PackageEntry } from '../../pxp/openPackage';
import type { ScanInput } from './scanner';

/** Goes through the entries of a package, in its order, until the signal says stop. */
export async function eachEntry(
  input: ScanInput,
  visit: (entry: PackageEntry) => Promise<void>,
): Promise<void> {
  let done = 0;
  for (const entry of input.package.entries) {
    input.signal.throwIfAborted();
    await visit(entry);
    done += entry.bytes;
    input.onProgress?.(done);
  }
}

/** The inflated bytes of an entry; stops when the signal says so, also inside a long one. */
export async function* contentOf(input: ScanInput, path: string): AsyncGenerator<Buffer> {
  for await (const chunk of input.package.content(path)) {
    input.signal.throwIfAborted();
    yield chunk;
  }
}

/** At most the first `length` bytes of an entry; no more of it is inflated than that takes. */
export async function readHead(opened: OpenPackage, path: string, length: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of opened.content(path)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= length) break;
  }
  return Buffer.concat(chunks).subarray(0, length);
}
