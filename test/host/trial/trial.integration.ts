import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SigningKey } from '../../../pxp/signing';
import { buildPlugin, scripts, type Recipe } from '../../support/builders/plugins';
import { createKey } from '../../support/builders/keys';
import { temporaryFolder } from '../../support/temporaryFolder';

const root = path.resolve(__dirname, '../../..');
let works: string;
let key: SigningKey;

beforeAll(async () => {
  works = temporaryFolder('trial');
  key = await createKey();
  await mkdir(path.join(works, 'keys'));
  await writeFile(path.join(works, 'keys/publisher.asc'), key.publicKeyArmored);
});
afterAll(() => rm(works, { recursive: true, force: true }));

async function runTrial(recipe: Recipe, more: string[] = [], environment: NodeJS.ProcessEnv = {}) {
  const { path: file } = await buildPlugin(works, { key, ...recipe });
  const data = path.join(works, 'data');
  const flags = ['--package', file, '--keys', path.join(works, 'keys'), '--data', data, ...more];
  const child = spawn(process.execPath, ['--import', 'tsx', 'host/trial/main.ts', ...flags], {
    cwd: root,
    env: { ...process.env, ...environment },
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (output += piece));
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(await readdir(data)).toEqual([]);
  return { status, output };
}

async function trial(recipe: Recipe, more: string[] = []) {
  const { status, output } = await runTrial(recipe, more);
  return { status, verdict: JSON.parse(output) as { phases: { name: string }[] } };
}

test('a trial goes through the phases of a host and leaves nothing behind', async () => {
  const { status, verdict } = await trial({ version: '1.0.0' });
  expect(status).toBe(0);
  expect(verdict).toMatchObject({ healthy: true });
  expect(verdict.phases.map(({ name }) => name)).toEqual([
    ...['verify', 'admit', 'backup', 'unpack', 'switch', 'health'],
  ]);
});

test('a trial of a plugin that does not work says so, with the reason', async () => {
  const { status, verdict } = await trial({ version: '1.0.1', health: scripts.broken });
  expect(status).toBe(1);
  expect(verdict).toMatchObject({ healthy: false, errorCode: 'HEALTH_CHECK_FAILED' });
});

test('a trial of a package with an unknown key never unpacks it [INS-13]', async () => {
  const { status, verdict } = await trial({ version: '1.0.2', key: await createKey() });
  expect(status).toBe(1);
  expect(verdict).toMatchObject({ healthy: false, errorCode: 'SIGNATURE_UNKNOWN_KEY' });
  expect(verdict.phases.map(({ name }) => name)).not.toContain('unpack');
});

test('a trial whose caller has tried the sandbox out uses it all the same', async () => {
  const { status, verdict } = await trial({ version: '1.0.3' }, ['--proven']);
  expect(status).toBe(0);
  expect(verdict).toMatchObject({ healthy: true, sandbox: 'namespaces' });
});

test('a trial whose sandbox no longer starts ends without a verdict on the plugin', async () => {
  const broken = { SPILLWAY_BUBBLEWRAP: '/bin/false' };
  expect(await runTrial({ version: '1.0.4' }, ['--proven'], broken)).toEqual({ status: 2, output: '' });
});
