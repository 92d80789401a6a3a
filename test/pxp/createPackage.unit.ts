import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fromBuffer, type Entry } from 'yauzl';
import { createPackage } from '../../pxp/createPackage';
import { CHUNK_BYTES } from '../../pxp/deflate';
import { openPackage } from '../../pxp/openPackage';
import { calculateChecksum } from '../../platform/files/read';
import { buildPackage, manifest, packageFiles } from '../support/builders/packages';
import { sign } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';

const folder = temporaryFolder('createpackage');
const own = (): string => mkdtempSync(path.join(folder, 'case-'));

async function readContents(packagePath: string): Promise<Record<string, Buffer>> {
  const opened = await openPackage(packagePath);
  const contents: Record<string, Buffer> = {};
  for (const { path: name } of opened.entries)
    contents[name] = await opened.readBytes(name, 10 * CHUNK_BYTES);
  await opened.close();
  return contents;
}

/** The names that an independent reader sees. */
const namesByYauzl = (file: string): Promise<string[]> =>
  new Promise((resolve, reject) => {
    fromBuffer(readFileSync(file), { lazyEntries: false, strictFileNames: true }, (error, zip) => {
      if (error) return reject(error);
      const names: string[] = [];
      zip.on('entry', (entry: Entry) => names.push(entry.fileName));
      zip.on('error', reject);
      zip.on('end', () => resolve(names));
    });
  });

test('two builds at other times, in other places and under another umask give the same bytes [PKG-05]', async () => {
  const first = await buildPackage(own());
  const previous = process.umask(0o077);
  try {
    const root = writeTree(own(), Object.fromEntries(Object.entries(packageFiles).reverse()));
    utimesSync(path.join(root, 'dist/index.js'), new Date(2001, 1, 1), new Date(2001, 1, 1));
    const reordered = Object.fromEntries(Object.entries(manifest).reverse()) as typeof manifest;
    const second = await createPackage({ root, outputDir: own(), manifest: reordered, sign });
    expect(second.sha256).toBe(first.sha256);
    expect(readFileSync(second.path).equals(readFileSync(first.path))).toBe(true);
    expect(second.manifestDigest).toBe(first.manifestDigest);
  } finally {
    process.umask(previous);
  }
});

test('a package is a zip with manifest and real files, smaller than they are, and what was said about it is true [PKG-07] [PKG-09]', async () => {
  const built = await buildPackage(own(), packageFiles, { releaseNotes: '# 1.2.3\n' });
  expect(path.basename(built.path)).toBe('com.example.notes-1.2.3-any-any.pxp');
  expect(execFileSync('file', ['-b', built.path], { encoding: 'utf8' })).toMatch(/^Zip archive data/);
  expect(readFileSync(built.path).subarray(0, 4).toString('latin1')).toBe('PK\u0003\u0004');
  expect(built.bytes).toBe(statSync(built.path).size);
  expect(built.bytes).toBeLessThan(built.uncompressedBytes);
  expect(built.sha256).toBe(await calculateChecksum(built.path));
  const names = [
    ...['manifest.json', 'plugin.yaml', 'LICENSE', 'assets/icon.bin', 'dist/empty.txt', 'dist/index.js'],
    ...['dist/lib/größe.js', 'docs/release-notes.md', 'migrations/001_notes.sql'],
    ...['integrity.txt', 'manifest.signature'],
  ];
  expect(await namesByYauzl(built.path)).toEqual(names);
  expect(built.fileCount).toBe(names.length);
  const contents = await readContents(built.path);
  for (const [name, content] of Object.entries(packageFiles))
    expect(contents[name]).toEqual(Buffer.from(content));
  expect(JSON.parse(String(contents['manifest.json']))).toEqual(manifest);
  expect(String(contents['docs/release-notes.md'])).toBe('# 1.2.3\n');
});

test('the digest list verifies with sha256sum on the unzipped files [PKG-06]', async () => {
  const built = await buildPackage(own());
  const target = own();
  execFileSync('unzip', ['-q', built.path, '-d', target]);
  const check = () =>
    execFileSync('sha256sum', ['--strict', '-c', 'integrity.txt'], {
      cwd: target,
      encoding: 'utf8',
      stdio: 'pipe',
    });
  expect(check().trim().split('\n')).toHaveLength(built.fileCount - 2);
  writeFileSync(path.join(target, 'dist/index.js'), 'changed');
  expect(check).toThrow(/did NOT match/);
});

test('other unzip programs agree with what was packed, files of many chunks included', async () => {
  const random = Buffer.from(
    Array.from({ length: 2 * CHUNK_BYTES }, (_, at) => Math.imul(at, 2654435761) >>> 24),
  );
  const files = {
    'dist/exact.txt': Buffer.alloc(CHUNK_BYTES, 'exactly one chunk, '),
    'dist/long.txt': Buffer.alloc(3 * CHUNK_BYTES + 17, 'a line that repeats, '),
    'dist/mixed.bin': Buffer.concat([Buffer.alloc(CHUNK_BYTES, 'text '), random, Buffer.from('tail')]),
    'dist/zeros.bin': Buffer.alloc(2 * CHUNK_BYTES),
  };
  const built = await buildPackage(own(), files);
  expect(execFileSync('unzip', ['-tq', built.path], { encoding: 'utf8' })).toMatch(/No errors detected/);
  const contents = await readContents(built.path);
  for (const [name, content] of Object.entries(files)) expect(contents[name]?.equals(content)).toBe(true);
});

test('only the folders of the format are packed, and executable files stay so', async () => {
  const root = writeTree(own(), {
    ...packageFiles,
    '.env': 'SECRET=1',
    'src/index.ts': '1',
    'dist/.git/config': '1',
    'dist/run.sh': 'echo',
  });
  chmodSync(path.join(root, 'dist/run.sh'), 0o700);
  const opened = await openPackage((await createPackage({ root, outputDir: own(), manifest, sign })).path);
  const modes = Object.fromEntries(opened.entries.map((entry) => [entry.path, entry.mode]));
  await opened.close();
  expect(modes['dist/run.sh']).toBe(0o755);
  expect(modes['dist/index.js']).toBe(0o644);
  expect(Object.keys(modes).filter((name) => /env|src|git/.test(name))).toEqual([]);
});

test('every symbolic link and every unusable name is told at once, and no file is left behind', async () => {
  const output = own();
  const root = writeTree(own(), { ...packageFiles, 'dist/aux.js': '1', 'dist/a:b.js': '1' });
  symlinkSync('/etc/passwd', path.join(root, 'dist/link'));
  symlinkSync('index.js', path.join(root, 'dist/other'));
  const refusal = await createPackage({ root, outputDir: output, manifest, sign }).catch(
    (error: unknown) => error,
  );
  expect(refusal).toMatchObject({
    problems: [
      { code: 'PACKAGE_SYMLINK', pointer: 'dist/link' },
      { code: 'PACKAGE_SYMLINK', pointer: 'dist/other' },
      { code: 'PACKAGE_PATH', pointer: 'dist/a:b.js' },
      { code: 'PACKAGE_PATH', pointer: 'dist/aux.js' },
    ],
  });
  expect(readdirSync(output)).toEqual([]);
});

test('a plugin without built files is refused', async () => {
  const root = writeTree(own(), { 'docs/readme.md': 'x' });
  mkdirSync(path.join(root, 'dist'));
  await expect(createPackage({ root, outputDir: own(), manifest, sign })).rejects.toMatchObject({
    code: 'DIST_EMPTY',
  });
});

test('a failed signature leaves the older package as it was', async () => {
  const output = own();
  const older = await buildPackage(output);
  const root = writeTree(own(), packageFiles);
  const failing = createPackage({
    root,
    outputDir: output,
    manifest,
    sign: () => Promise.reject(new Error('no key')),
  });
  await expect(failing).rejects.toThrow('no key');
  expect(await calculateChecksum(older.path)).toBe(older.sha256);
  expect(readdirSync(output).filter((name) => name.endsWith('.tmp') || name.includes('.tmp.'))).toEqual([]);
});

test('a file that changes while it is packed is refused by name', async () => {
  // Longer than what is read ahead, so that its end is still unread when the first piece is done.
  const files = { 'dist/a.txt': 'a', 'dist/z.txt': Buffer.alloc(24 * CHUNK_BYTES, 'z') };
  const root = writeTree(own(), files);
  const output = own();
  const shorten = () => writeFileSync(path.join(root, 'dist/z.txt'), 'short now');
  await expect(
    createPackage({ root, outputDir: output, manifest, sign, onProgress: shorten }),
  ).rejects.toMatchObject({ code: 'PACKAGE_SOURCE_CHANGED', problems: [{ pointer: 'dist/z.txt' }] });
  expect(readdirSync(output)).toEqual([]);
});

test('progress grows to the size of all files', async () => {
  const seen: number[] = [];
  const built = await buildPackage(own(), packageFiles, { onProgress: ({ bytes }) => seen.push(bytes) });
  expect(seen.at(-1)).toBe(built.uncompressedBytes);
  expect([...seen].sort((a, b) => a - b)).toEqual(seen);
});
