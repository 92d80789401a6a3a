import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { planParts } from '../../../pxp/uploadParts';
import type { Prepared } from '../../support/builders/author';

const LOCAL = Buffer.from('PK\x03\x04', 'latin1');
const CENTRAL = Buffer.from('PK\x01\x02', 'latin1');
const END = Buffer.from('PK\x05\x06', 'latin1');

/** Offset of the header of an entry, in front of its name. */
function findHeader(archive: Buffer, signature: Buffer, headerBytes: number, name: string): number {
  for (let at = archive.indexOf(signature); at >= 0; at = archive.indexOf(signature, at + 1)) {
    const start = at + headerBytes;
    if (archive.subarray(start, start + name.length).toString('latin1') === name) return at;
  }
  throw new Error(`there is no ${name} in the archive`);
}

const local = (archive: Buffer, name: string): number => findHeader(archive, LOCAL, 30, name);
const content = (archive: Buffer, name: string): number => local(archive, name) + 30 + name.length;

/** Where a byte is changed, by what it belongs to. */
export const places: Record<string, (archive: Buffer) => number> = {
  'the time in a local header': (archive) => local(archive, 'dist/index.js') + 10,
  'the checksum in a local header': (archive) => local(archive, 'dist/index.js') + 14,
  'a name in a local header': (archive) => local(archive, 'dist/index.js') + 30,
  'the content of a file': (archive) => content(archive, 'dist/index.js') + 1,
  'the manifest': (archive) => content(archive, 'manifest.json') + 1,
  'the list of digests': (archive) => content(archive, 'integrity.txt') + 1,
  'the signature': (archive) => content(archive, 'manifest.signature') + 60,
  'the central directory': (archive) => findHeader(archive, CENTRAL, 46, 'dist/index.js') + 38,
  'the end record': (archive) => archive.lastIndexOf(END) + 10,
};

/** The code that each change is refused with. */
export const refusals: Record<string, string> = {
  'the time in a local header': 'PACKAGE_FORM',
  'the checksum in a local header': 'PACKAGE_FORM',
  'a name in a local header': 'PACKAGE_FORM',
  'the content of a file': 'INTEGRITY_MISMATCH',
  'the manifest': 'INTEGRITY_MISMATCH',
  'the list of digests': 'INTEGRITY_MISMATCH',
  'the signature': 'INTEGRITY_MISMATCH',
  'the central directory': 'PACKAGE_FORM',
  'the end record': 'PACKAGE_FORM',
};

/** The change that every run tries. */
export const SAMPLE_PLACE = 'the signature';

/**
 * The package with one byte changed, announced as if that were the package: digests of the file and
 * of its parts are right, so that only what is inside can give it away.
 */
export async function tampered(prepared: Prepared, place: string): Promise<Prepared> {
  const archive = await readFile(prepared.file);
  const at = places[place]!(archive);
  archive[at]! ^= 0x01;
  const file = `${prepared.file}.tampered`;
  await writeFile(file, archive);
  return announced(prepared, file, archive);
}

async function announced({ request }: Prepared, file: string, archive: Buffer): Promise<Prepared> {
  const parts = await planParts(file, { partBytes: archive.length });
  const artefact = {
    ...request.artefact,
    bytes: archive.length,
    sha256: createHash('sha256').update(archive).digest('hex'),
    parts: parts.map(({ number, bytes, sha256, md5 }) => ({ number, bytes, sha256, md5 })),
  };
  return { request: { ...request, artefact }, file, starts: parts.map(({ start }) => start) };
}
