import { hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createArchive } from '../../../pxp/archiveWriter';
import { generatedFile } from '../../../pxp/collect';
import { createPackage, type BuiltPackage, type PackageSource } from '../../../pxp/createPackage';
import { formatIntegrity } from '../../../pxp/integrity';
import { generateSigningKey, signDetached, type SigningKey } from '../../../pxp/signing';

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'spillway-pxp-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const manifest = {
  id: 'com.example.notes',
  name: 'Notes',
  version: '1.2.3',
  permissions: ['notes.page.read'],
  runtime: { kind: 'process', entry: 'dist/index.js' },
};

type Files = Record<string, string | Buffer>;

const text = (line: string): string => `${line}\n`.repeat(200);

export const pluginFiles: Files = {
  'plugin.yaml': JSON.stringify(manifest),
  'dist/index.js': text('module.exports = () => "notes";'),
  'dist/lib/größe.js': text('exports.size = 1;'),
  'dist/empty.txt': '',
  'assets/icon.bin': Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 73) % 256)),
  'migrations/001_notes.sql': text('create table notes (id int);'),
  LICENSE: text('Apache-2.0'),
};

/** Writes files below a folder and returns the folder. */
export function writeTree(root: string, files: Files): string {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return root;
}

let sharedKey: Promise<SigningKey> | undefined;

/** One key for a test file: making keys is the slow part. */
export const signingKey = (): Promise<SigningKey> =>
  (sharedKey ??= generateSigningKey({
    name: 'Example',
    email: 'dev@example.com',
    now: new Date('2026-01-01'),
  }));

/** Signs with that key. */
export async function sign(bytes: Uint8Array): Promise<string> {
  return await signDetached(bytes, (await signingKey()).privateKeyArmored);
}

/** Packs a plugin folder made of `files` into `folder`. */
export async function buildPackage(
  folder: string,
  files: Files = pluginFiles,
  options: Partial<PackageSource> = {},
): Promise<BuiltPackage> {
  const root = writeTree(mkdtempSync(path.join(folder, 'plugin-')), files);
  return await createPackage({ root, outputDir: folder, manifest, sign, ...options });
}

/** An archive of exactly these texts, truthfully listed and signed, whatever they say of each other. */
export async function sealTexts(folder: string, texts: Record<string, string>): Promise<string> {
  const list = formatIntegrity(
    new Map(Object.entries(texts).map(([name, content]) => [name, hash('sha256', content)])),
  );
  const seal = { 'integrity.txt': list, 'manifest.signature': await sign(Buffer.from(list)) };
  const file = path.join(mkdtempSync(path.join(folder, 'sealed-')), 'made.pxp');
  const archive = await createArchive(file);
  await archive.add(
    Object.entries({ ...texts, ...seal }).map(([name, content]) => generatedFile(name, content)),
  );
  await archive.finish();
  return file;
}
