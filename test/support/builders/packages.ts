import { hash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { createArchive } from '../../../pxp/archiveWriter';
import { generatedFile } from '../../../pxp/collect';
import { createPackage, type BuiltPackage, type PackageSource } from '../../../pxp/createPackage';
import { formatIntegrity } from '../../../pxp/integrity';
import { writeTree, type Tree } from '../writeTree';
import { sign } from './keys';
import { createManifest } from './manifest';

/** The manifest of a library without a health check. */
export const manifest = createManifest({
  version: '1.2.3',
  runtime: { kind: 'process', entry: 'dist/index.js' },
});

const text = (line: string): string => `${line}\n`.repeat(200);

export const packageFiles: Record<string, string | Buffer> = {
  'plugin.yaml': JSON.stringify(manifest),
  'dist/index.js': text('module.exports = () => "notes";'),
  'dist/lib/größe.js': text('exports.size = 1;'),
  'dist/empty.txt': '',
  'assets/icon.bin': Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 73) % 256)),
  'migrations/001_notes.sql': text('create table notes (id int);'),
  LICENSE: text('Apache-2.0'),
};

/** Packs a plugin folder made of `files` into `folder`, signed with the shared key unless `options` sign. */
export async function buildPackage(
  folder: string,
  files: Tree = packageFiles,
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
