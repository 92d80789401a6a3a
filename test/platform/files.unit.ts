import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileExists } from '../../platform/files/absence';
import { calculateChecksum, getFileSize } from '../../platform/files/read';
import { createPluginPackager } from '../../pxp/packager';
import { MAX_PARTS, partBytesFor, planParts, planUpload } from '../../pxp/uploadParts';
import { manifest, packageFiles } from '../support/builders/packages';
import { sign } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';
import { writeTree } from '../support/writeTree';
import { openPackage } from '../../pxp/openPackage';

const folder = temporaryFolder('files');
const MIB = 1024 * 1024;
const file = path.join(folder, 'some.bin');
writeFileSync(file, Buffer.from(Array.from({ length: 3 * MIB + 5 }, (_, at) => (at * 31) >>> 3)));
const packager = createPluginPackager({
  root: writeTree(path.join(folder, 'plugin'), packageFiles),
  manifest,
  sign,
});

test('the packager returns the path of a package that holds dist as it is [PKG-17]', async () => {
  const output = path.join(folder, 'out', 'notes.pxp');
  expect(await packager.createPackage(output)).toBe(output);
  expect(existsSync(output)).toBe(true);
  const opened = await openPackage(output);
  const packed = opened.entries.map((entry) => entry.path).filter((name) => name.startsWith('dist/'));
  expect(packed).toEqual(
    Object.keys(packageFiles)
      .filter((name) => name.startsWith('dist/'))
      .sort(),
  );
  for (const name of packed) {
    expect(await opened.readBytes(name, MIB)).toEqual(readFileSync(path.join(folder, 'plugin', name)));
  }
  await opened.close();
});

test('an update package is path, size and checksum, as the system tools see them [PKG-18]', async () => {
  const update = await packager.createUpdatePackage(path.join(folder, 'update.pxp'));
  const size = Number(execFileSync('stat', ['-c%s', update.path], { encoding: 'utf8' }));
  const [checksum] = execFileSync('sha256sum', [update.path], { encoding: 'utf8' }).split(' ');
  expect(update).toEqual({ path: path.join(folder, 'update.pxp'), size, checksum });
});

test('a missing file does not exist, a folder is not a file [PKG-19]', async () => {
  expect(await fileExists(file)).toBe(true);
  expect(await fileExists(path.join(folder, 'missing'))).toBe(false);
  expect(await fileExists(path.join(file, 'below'))).toBe(false);
  expect(await fileExists(folder)).toBe(false);
});

test('the size is that of stat [PKG-20]', async () => {
  expect(await getFileSize(file)).toBe(Number(execFileSync('stat', ['-c%s', file], { encoding: 'utf8' })));
  await expect(getFileSize(path.join(folder, 'missing'))).rejects.toMatchObject({ code: 'ENOENT' });
});

test('the checksum is that of sha256sum [PKG-21]', async () => {
  expect(await calculateChecksum(file)).toBe(
    execFileSync('sha256sum', [file], { encoding: 'utf8' }).slice(0, 64),
  );
});

test('the parts of an upload cover the file without gap, each with its own digests', async () => {
  const plan = await planUpload(file, { partBytes: MIB });
  const whole = readFileSync(file);
  expect(plan.parts.map(({ number, start, bytes }) => [number, start, bytes])).toEqual([
    ...[
      [1, 0, MIB],
      [2, MIB, MIB],
      [3, 2 * MIB, MIB],
      [4, 3 * MIB, 5],
    ],
  ]);
  for (const { start, bytes, sha256, md5 } of plan.parts) {
    const part = whole.subarray(start, start + bytes);
    expect(sha256).toBe(createHash('sha256').update(part).digest('hex'));
    expect(md5).toBe(createHash('md5').update(part).digest('base64'));
  }
  expect(plan).toMatchObject({ sha256: await calculateChecksum(file), bytes: whole.length, partBytes: MIB });
  expect(await planParts(file, { partBytes: MIB })).toEqual(plan.parts);
});

test('there are never more parts than the object store joins, and an empty file is one part', async () => {
  for (const bytes of [0, 1, 8 * MIB, 1024 * MIB, 1024 * MIB + 1, 5_000_000_000]) {
    const partBytes = partBytesFor(bytes);
    expect(partBytes % MIB).toBe(0);
    expect(partBytes).toBeGreaterThanOrEqual(8 * MIB);
    expect(Math.ceil(bytes / partBytes)).toBeLessThanOrEqual(MAX_PARTS);
  }
  expect(partBytesFor(1024 * MIB)).toBe(8 * MIB);
  expect(partBytesFor(1024 * MIB + 1)).toBe(9 * MIB);
  const empty = path.join(folder, 'empty');
  writeFileSync(empty, '');
  expect(await planParts(empty)).toMatchObject([{ number: 1, start: 0, bytes: 0 }]);
});
