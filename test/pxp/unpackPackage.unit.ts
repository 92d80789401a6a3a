import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { openPackage } from '../../pxp/openPackage';
import { unpackPackage } from '../../pxp/unpackPackage';
import { verifyPackage } from '../../pxp/verifyPackage';
import { buildPackage, packageFiles } from '../support/builders/packages';
import { signingKey } from '../support/builders/keys';
import { temporaryFolder } from '../support/temporaryFolder';

const folder = temporaryFolder('unpackpackage');
const own = (): string => mkdtempSync(path.join(folder, 'case-'));
const keys = async () => ({ keys: [(await signingKey()).publicKeyArmored] });

test('a verified package unpacks to exactly its files, whatever the umask', async () => {
  const built = await buildPackage(own());
  const opened = await openPackage(built.path);
  const verified = await verifyPackage(opened, await keys());
  const target = path.join(own(), 'plugins', 'notes');
  const previous = process.umask(0o077);
  const unpacked = await unpackPackage(opened, verified, target).finally(() => process.umask(previous));
  await opened.close();
  expect(unpacked.files).toBe(built.fileCount);
  for (const [name, content] of Object.entries(packageFiles)) {
    expect(readFileSync(path.join(target, name))).toEqual(Buffer.from(content));
    expect(statSync(path.join(target, name)).mode & 0o777).toBe(0o644);
  }
  expect(readdirSync(path.dirname(target))).toEqual(['notes']);
});

test('a package that is tampered with after it was verified is not unpacked, and nothing of it stays [INS-13]', async () => {
  const built = await buildPackage(own());
  const opened = await openPackage(built.path);
  const verified = await verifyPackage(opened, await keys());
  const other = await buildPackage(own(), { ...packageFiles, 'assets/icon.bin': Buffer.alloc(300, 7) });
  writeFileSync(built.path, readFileSync(other.path));
  const reopened = await openPackage(built.path);
  const parent = own();
  const refused = unpackPackage(reopened, verified, path.join(parent, 'notes'));
  await expect(refused).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  expect(readdirSync(parent)).toEqual([]);
  await Promise.all([opened.close(), reopened.close()]);
});

test('an unsigned or tampered package never gets as far as unpacking [INS-13]', async () => {
  const built = await buildPackage(own());
  const bytes = readFileSync(built.path);
  const at = bytes.indexOf('manifest.signature') + 'manifest.signature'.length + 40;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(built.path, bytes);
  const target = path.join(own(), 'notes');
  const install = async () => {
    const opened = await openPackage(built.path);
    const verified = await verifyPackage(opened, await keys()).finally(() => opened.close());
    await unpackPackage(opened, verified, target);
  };
  await expect(install()).rejects.toMatchObject({ code: 'INTEGRITY_MISMATCH' });
  expect(existsSync(target)).toBe(false);
});

test('a folder with contents is never replaced, an empty one is', async () => {
  const built = await buildPackage(own());
  const opened = await openPackage(built.path);
  const verified = await verifyPackage(opened, await keys());
  const taken = own();
  writeFileSync(path.join(taken, 'mine.txt'), 'mine');
  await expect(unpackPackage(opened, verified, taken)).rejects.toMatchObject({ code: 'PACKAGE_TARGET' });
  expect(readdirSync(taken)).toEqual(['mine.txt']);
  const empty = path.join(own(), 'empty');
  mkdirSync(empty);
  await unpackPackage(opened, verified, empty);
  expect(existsSync(path.join(empty, 'manifest.json'))).toBe(true);
  await opened.close();
});
