import { readFile, rm, stat, writeFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { runTrust } from '../../signer/main';
import { temporaryFolder } from '../support/temporaryFolder';

const develop = (folder: string): Promise<string> =>
  runTrust(['develop', '--folder', folder, '--pin', path.join(folder, 'pin', 'root.json')], new Date());
const readPin = (folder: string): Promise<string> => readFile(path.join(folder, 'pin', 'root.json'), 'utf8');

test('development keys are made once, for their owner alone, and hosts pin the first root of them', async () => {
  const folder = temporaryFolder('develop');
  expect(await develop(folder)).toContain('made');
  const pinned = await readPin(folder);
  expect((await stat(path.join(folder, 'offline', 'root-1.pem'))).mode & 0o777).toBe(0o600);
  const folders = ['--offline', path.join(folder, 'offline'), '--online', path.join(folder, 'online')];
  await runTrust(['rotate', '--role', 'timestamp', ...folders], new Date());
  await rm(path.join(folder, 'pin'), { recursive: true });
  expect(await develop(folder)).toContain('are there');
  expect(await readPin(folder)).toBe(pinned);
});

test('a ceremony that was killed before it had a root is held again', async () => {
  const folder = temporaryFolder('develop');
  await mkdir(path.join(folder, 'offline'), { recursive: true });
  await writeFile(path.join(folder, 'offline', 'root-1.pem'), 'half');
  expect(await develop(folder)).toContain('made');
  expect(JSON.parse(await readPin(folder))).toMatchObject({ signed: { _type: 'root', version: 1 } });
});
