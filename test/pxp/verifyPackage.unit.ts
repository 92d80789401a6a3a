import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../core/canonicalJson';
import { Refusal } from '../../core/errors/errors';
import { generatedFile } from '../../pxp/collect';
import { createArchive } from '../../pxp/archiveWriter';
import { formatIntegrity } from '../../pxp/integrity';
import { openPackage } from '../../pxp/openPackage';
import { generateSigningKey, signDetached } from '../../pxp/signing';
import { verifyPackage, type VerifyOptions } from '../../pxp/verifyPackage';
import { hash } from 'node:crypto';
import { buildPackage, manifest } from '../support/builders/packages';
import { sign, signingKey } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';

const folder = temporaryFolder('verifypackage');
const trusted = async (more: Partial<VerifyOptions> = {}): Promise<VerifyOptions> => ({
  keys: [(await signingKey()).publicKeyArmored],
  ...more,
});

const listProblems = async (file: string, options?: Partial<VerifyOptions>): Promise<[string, string?][]> => {
  try {
    await verifyPackage(file, await trusted(options));
    return [];
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.problems.map(({ code, pointer }) => (pointer === undefined ? [code] : [code, pointer]));
  }
};

let count = 0;
const fresh = (): string => path.join(folder, `made-${(count += 1)}.pxp`);

/** An archive of exactly these texts, in this order, whose form is right whatever they say. */
async function writeArchive(texts: Record<string, string>): Promise<string> {
  const file = fresh();
  const archive = await createArchive(file);
  await archive.add(Object.entries(texts).map(([name, text]) => generatedFile(name, text)));
  await archive.finish();
  return file;
}

const writeIntegrity = (texts: Record<string, string>): string =>
  formatIntegrity(new Map(Object.entries(texts).map(([name, text]) => [name, hash('sha256', text)])));

const texts = {
  'manifest.json': canonicalJson(manifest),
  'dist/index.js': 'exports.ok = true;\n'.repeat(99),
};

async function sealed(contents: Record<string, string>, list: string): Promise<string> {
  return writeArchive({
    ...contents,
    'integrity.txt': list,
    'manifest.signature': await sign(Buffer.from(list)),
  });
}

test('a package verifies by its key, its announced digest and its manifest', async () => {
  const built = await buildPackage(folder);
  const { sha256, bytes } = built;
  const verified = await verifyPackage(built.path, await trusted({ expect: { sha256, bytes } }));
  expect(verified.signer.fingerprint).toBe((await signingKey()).fingerprint);
  expect(verified.manifestDigest).toBe(built.manifestDigest);
  expect(verified.manifest).toMatchObject({ id: manifest.id, version: manifest.version });
  expect(verified.files).toHaveLength(built.fileCount);
});

test('an unsigned package is refused as such [PKG-23] [SEC-04] [SEC-06]', async () => {
  const file = await writeArchive({ ...texts, 'integrity.txt': writeIntegrity(texts) });
  expect(await listProblems(file)).toEqual([['SIGNATURE_REQUIRED', 'manifest.signature']]);
});

test('a package without its digest list is refused, and so is one that has neither', async () => {
  const lone = await writeArchive({ ...texts, 'manifest.signature': await sign(Buffer.from('')) });
  expect(await listProblems(lone)).toContainEqual(['INTEGRITY_MISSING', 'integrity.txt']);
  const codes = (await listProblems(await writeArchive(texts))).map(([code]) => code);
  expect(codes).toEqual(['INTEGRITY_MISSING', 'SIGNATURE_REQUIRED']);
});

test('a key that is not trusted is refused, whatever else is right', async () => {
  const stranger = await generateSigningKey({ name: 'Stranger', email: 's@example.com' });
  const built = await buildPackage(folder);
  expect(await listProblems(built.path, { keys: [stranger.publicKeyArmored] })).toEqual([
    ['SIGNATURE_UNKNOWN_KEY'],
  ]);
  expect(await listProblems(built.path, { keys: [] })).toEqual([['SIGNATURE_UNKNOWN_KEY']]);
});

test('a signature over another list is refused', async () => {
  const list = writeIntegrity(texts);
  const foreign = await sign(Buffer.from(`${list}x`));
  const file = await writeArchive({ ...texts, 'integrity.txt': list, 'manifest.signature': foreign });
  expect(await listProblems(file)).toEqual([['SIGNATURE_INVALID']]);
});

test('changed, missing and unlisted files are told by name, all at once [PKG-11]', async () => {
  const list = writeIntegrity({ ...texts, 'dist/gone.js': 'x' });
  const contents = { ...texts, 'dist/extra.js': 'y', 'dist/index.js': 'changed' };
  const ordered = {
    'manifest.json': contents['manifest.json'],
    'dist/extra.js': 'y',
    'dist/index.js': 'changed',
  };
  expect(await listProblems(await sealed(ordered, list))).toEqual([
    ['INTEGRITY_MISSING', 'dist/gone.js'],
    ['INTEGRITY_EXTRA', 'dist/extra.js'],
    ['INTEGRITY_MISMATCH', 'dist/index.js'],
  ]);
});

test('a list in any other spelling is refused', async () => {
  const list = writeIntegrity(texts);
  for (const other of [
    list.toUpperCase(),
    `${list}\n`,
    list.slice(0, -1),
    list.split('\n').reverse().join('\n').trim(),
    '',
  ]) {
    expect((await listProblems(await sealed(texts, other))).map(([code]) => code)).toContain('PACKAGE_FORM');
  }
});

test('a manifest that breaks its schema is refused field by field', async () => {
  const contents = { ...texts, 'manifest.json': '{"id":"A B","name":"","version":"1","permissions":[]}' };
  const problems = await listProblems(await sealed(contents, writeIntegrity(contents)));
  expect(problems).toEqual(
    expect.arrayContaining([
      ['MANIFEST_INVALID', '/id'],
      ['MANIFEST_INVALID', '/version'],
    ]),
  );
  const broken = { ...texts, 'manifest.json': '{' };
  expect(await listProblems(await sealed(broken, writeIntegrity(broken)))).toEqual([
    ['MANIFEST_INVALID', 'manifest.json'],
  ]);
});

test('an expired key and a signature of the wrong kind are refused', async () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const key = await generateSigningKey({
    name: 'Brief',
    email: 'b@example.com',
    expiresInSeconds: 3600,
    now,
  });
  const built = await buildPackage(folder, undefined, {
    sign: (bytes) => signDetached(bytes, key.privateKeyArmored),
  });
  const keys = [key.publicKeyArmored];
  expect(await listProblems(built.path, { keys, now: new Date('2026-01-01T00:30:00Z') })).toEqual([]);
  expect(await listProblems(built.path, { keys, now: new Date('2026-01-01T02:00:00Z') })).toEqual([
    ['SIGNATURE_KEY_EXPIRED'],
  ]);
  const noSignature = await writeArchive({
    ...texts,
    'integrity.txt': writeIntegrity(texts),
    'manifest.signature': 'signed, honestly',
  });
  expect(await listProblems(noSignature)).toEqual([['SIGNATURE_INVALID']]);
});

test('other bytes than announced are refused before they are opened, with what else is wrong', async () => {
  const built = await buildPackage(folder);
  const file = fresh();
  writeFileSync(file, Buffer.concat([readFileSync(built.path), Buffer.from('x')]));
  const { sha256, bytes } = built;
  expect(await listProblems(file, { expect: { sha256, bytes } })).toEqual([
    ['PACKAGE_DIGEST'],
    ['PACKAGE_FORM'],
  ]);
  expect(await listProblems(built.path, { expect: { sha256: '0'.repeat(64), bytes } })).toEqual([
    ['PACKAGE_DIGEST'],
  ]);
});

test('a flipped byte in a file names that file [PKG-11]', async () => {
  const built = await buildPackage(folder);
  const opened = await openPackage(built.path);
  const bytes = readFileSync(built.path);
  const at = bytes.indexOf('dist/index.js') + 'dist/index.js'.length + 5;
  await opened.close();
  bytes[at] = (bytes[at] ?? 0) ^ 0xff;
  const file = fresh();
  writeFileSync(file, bytes);
  expect(await listProblems(file)).toEqual([['INTEGRITY_MISMATCH', 'dist/index.js']]);
});

describe('a package with one flipped byte', () => {
  const small = { 'dist/a.js': 'exports.a = 1;\n'.repeat(20), 'dist/b.bin': Buffer.from([1, 2, 3]) };

  const flipped = (original: Buffer, at: number, mask: number): string => {
    const bytes = Buffer.from(original);
    bytes[at] = (bytes[at] ?? 0) ^ mask;
    const file = fresh();
    writeFileSync(file, bytes);
    return file;
  };

  test('is refused wherever the byte is [PKG-11]', async () => {
    const original = readFileSync((await buildPackage(folder, small)).path);
    await fc.assert(
      fc.asyncProperty(fc.nat(original.length - 1), async (at) => {
        expect(await listProblems(flipped(original, at, 0xff))).not.toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  test('is refused against its announced digest, or at least holds nothing but what was signed', async () => {
    const built = await buildPackage(folder, small);
    const original = readFileSync(built.path);
    const { sha256, bytes } = built;
    const options = await trusted();
    const before = await verifyPackage(built.path, options);
    const positions = fc.tuple(fc.nat(original.length - 1), fc.integer({ min: 1, max: 255 }));
    await fc.assert(
      fc.asyncProperty(positions, async ([at, mask]) => {
        const file = flipped(original, at, mask);
        expect(await listProblems(file, { expect: { sha256, bytes } })).toContainEqual(['PACKAGE_DIGEST']);
        // Deflate pads to a byte with bits that mean nothing; only the whole digest covers those.
        const after = await verifyPackage(file, options).catch((error: unknown) => error);
        if (!(after instanceof Refusal)) expect(after).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });
});
