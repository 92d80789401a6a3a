import { Readable } from 'node:stream';
import { Refusal, problem } from '../core/errors/errors';
import { readContent } from './content';
import { openFileReader } from './fileReader';
import { checkForm, type PlacedEntry } from './form';
import { DEFAULT_LIMITS, type PackageLimits } from './format';
import { quoteName } from '../core/foreignText';
import { toMode } from './zipRecords';

/** One file of a package. Sizes are bytes; `mode` is 0o644 or 0o755. */
export interface PackageEntry {
  path: string;
  bytes: number;
  compressedBytes: number;
  crc32: number;
  mode: number;
}

/** A package whose form was proven. Its contents are not trusted yet: see `verifyPackage`. */
export interface OpenPackage {
  readonly path: string;
  /** Size of the package file. */
  readonly bytes: number;
  readonly entries: readonly PackageEntry[];
  readonly limits: Readonly<PackageLimits>;
  has(path: string): boolean;
  /** Inflated bytes in pieces, limited to the declared size and checked against it and the CRC-32. */
  content(path: string): AsyncGenerator<Buffer>;
  /** The same as a stream. */
  read(path: string): Promise<Readable>;
  /** A whole small entry. @throws Refusal with PACKAGE_TOO_LARGE above `maxBytes` */
  readBytes(path: string, maxBytes: number): Promise<Buffer>;
  /** A whole small entry as UTF-8. @throws Refusal, also when the bytes are not UTF-8 */
  readText(path: string, maxBytes: number): Promise<string>;
  close(): Promise<void>;
}

/**
 * Opens a package after proving its canonical form; nothing is inflated before that. The limits are
 * those of docs/package-format.md unless given.
 *
 * @throws Refusal with PACKAGE_FORM or PACKAGE_TOO_LARGE, all problems at once; Error ENOENT
 */
export async function openPackage(path: string, limits: Partial<PackageLimits> = {}): Promise<OpenPackage> {
  const reader = await openFileReader(path);
  const applied = { ...DEFAULT_LIMITS, ...limits };
  try {
    const entries = await checkForm(reader, applied);
    return packageOver(reader, entries, applied);
  } catch (error) {
    await reader.close();
    throw error;
  }
}

type Reader = Awaited<ReturnType<typeof openFileReader>>;

function packageOver(reader: Reader, placed: readonly PlacedEntry[], limits: PackageLimits): OpenPackage {
  const byPath = new Map(placed.map((entry) => [entry.path, entry]));

  function content(path: string): AsyncGenerator<Buffer> {
    const entry = byPath.get(path);
    if (!entry) throw new Refusal([problem('PACKAGE_FORM', `The package has no ${quoteName(path)}.`, path)]);
    return readContent(reader, entry);
  }

  async function readBytes(path: string, maxBytes: number): Promise<Buffer> {
    const bytes = byPath.get(path)?.bytes ?? 0;
    if (bytes > maxBytes) {
      const detail = `${quoteName(path)} has ${bytes} bytes; ${maxBytes} are allowed.`;
      throw new Refusal([problem('PACKAGE_TOO_LARGE', detail, path)]);
    }
    const pieces: Buffer[] = [];
    for await (const piece of content(path)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  return {
    path: reader.path,
    bytes: reader.bytes,
    entries: placed.map(described),
    limits,
    has: (path) => byPath.has(path),
    content,
    read: async (path) => Readable.from(content(path), { objectMode: false }),
    readBytes,
    readText: async (path, maxBytes) => decoded(path, await readBytes(path, maxBytes)),
    close: () => reader.close(),
  };
}

const described = ({ path, bytes, compressedBytes, crc32, executable }: PlacedEntry): PackageEntry => ({
  path,
  bytes,
  compressedBytes,
  crc32,
  mode: toMode(executable),
});

function decoded(path: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    const detail = `${quoteName(path)} is not UTF-8 text.`;
    throw new Refusal([problem('PACKAGE_FORM', detail, path)], { cause: error });
  }
}
