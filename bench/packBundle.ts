import { createCipheriv } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import path from 'node:path';

const MIB = 1024 * 1024;
const TOTAL_BYTES = 320 * MIB;
const FILES = 8800;
/** Of every seven pieces one is random, as images and fonts are: it does not deflate. */
const RANDOM_EVERY = 7;

/** One file of 320 MiB, 8,800 files that are as large together, or one that does not deflate at all. */
export type Shape = 'one' | 'many' | 'random';

/** Numbers and bytes that are the same in every run: a cipher stream under a fixed key. */
function repeatable() {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, 7), Buffer.alloc(16));
  const bytes = (count: number): Buffer => cipher.update(Buffer.alloc(count));
  return { bytes, below: (limit: number): number => bytes(6).readUIntBE(0, 6) % limit };
}

/** Source text as plugins bundle it: the compiler's own script is there wherever the product is built. */
const sourceText = (): Buffer => readFileSync(require.resolve('typescript/lib/typescript.js'));

/** Endless pieces of 2 to 60 kB, of text and of random bytes. */
function* pieces(): Generator<Buffer> {
  const random = repeatable();
  const text = sourceText();
  for (let index = 0; ; index += 1) {
    const length = 2_000 + random.below(58_000);
    const start = random.below(text.length - length);
    yield index % RANDOM_EVERY === 0 ? random.bytes(length) : text.subarray(start, start + length);
  }
}

/** Writes `total` bytes of pieces as files of about `each` bytes below `folder`. */
function writeFiles(folder: string, total: number, each: number): void {
  const source = pieces();
  for (let file = 0, written = 0; written < total; file += 1) {
    const parent = path.join(folder, `d${file % 200}`);
    mkdirSync(parent, { recursive: true });
    const wanted = Math.min(each, total - written);
    writePieces(path.join(parent, `f${file}.js`), source, wanted);
    written += wanted;
  }
}

function writePieces(file: string, source: Generator<Buffer>, bytes: number): void {
  const descriptor = openSync(file, 'w');
  for (let left = bytes; left > 0;) {
    const piece = (source.next().value as Buffer).subarray(0, left);
    writeSync(descriptor, piece);
    left -= piece.length;
  }
  closeSync(descriptor);
}

/** A file whose package is as large as itself, as of models and media. */
function writeRandom(root: string): string {
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  const descriptor = openSync(path.join(root, 'dist', 'model.bin'), 'w');
  const random = repeatable();
  for (let written = 0; written < TOTAL_BYTES; written += MIB) writeSync(descriptor, random.bytes(MIB));
  closeSync(descriptor);
  return root;
}

/** Makes a plugin folder of the given shape below `parent`. @returns its path */
export function makeBundle(parent: string, shape: Shape): string {
  const root = path.join(parent, shape);
  if (shape === 'random') return writeRandom(root);
  writeFiles(
    path.join(root, 'dist'),
    TOTAL_BYTES,
    shape === 'one' ? TOTAL_BYTES : Math.ceil(TOTAL_BYTES / FILES),
  );
  return root;
}
