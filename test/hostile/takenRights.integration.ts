import { chownSync } from 'node:fs';
import { chmod, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SigningKey } from '../../pxp/signing';
import { removeBundle, startProcess, type HostProcess } from '../host/support/process';
import { activeIn, rememberedIn } from '../host/support/testHost';
import { PLUGIN } from '../support/builders/manifest';
import { createKey } from '../support/builders/keys';
import { buildPlugin } from '../support/builders/plugins';
import { startMarketplace, type TestMarketplace } from '../support/fakes/marketplace';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';

// Rights mean nothing to root, so the host runs as an ordinary user wherever the tests run.

const NOBODY = 65_534;
const asNobody = ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups'];
const isRoot = process.getuid?.() === 0;

let key: SigningKey;
let works: string;
let folder: string;
let marketplace: TestMarketplace;
let running: HostProcess;

beforeAll(async () => {
  key = await createKey();
  works = temporaryFolder('packages');
});
afterAll(async () => {
  removeBundle();
  await rm(works, { recursive: true, force: true });
});
beforeEach(async () => {
  marketplace = await startMarketplace([key]);
  folder = temporaryFolder('host');
  if (isRoot) chownSync(folder, NOBODY, NOBODY);
  await chmod(folder, 0o700);
  running = await startProcess(marketplace, folder, { command: isRoot ? asNobody : [] });
  await offer('1.0.0', '');
  await reported('1.0.0', 'installed');
});
afterEach(async () => {
  await running.kill();
  await marketplace.close();
});

const offer = async (version: string, health: string): Promise<void> => {
  marketplace.offer(await buildPlugin(works, { key, version, health }));
};

const reported = (version: string, kind: string) =>
  until(`${version} reported as ${kind}`, () => marketplace.kinds(version).includes(kind));

const DATA = `const data = process.env.PX_PLUGIN_DATA, made = path.join(data, 'made');`;
const closed = `${DATA} fs.mkdirSync(path.join(made, 'inner'), { recursive: true });
  fs.writeFileSync(path.join(made, 'file'), 'x'); fs.chmodSync(path.join(made, 'file'), 0);
  fs.chmodSync(made, 0);`;
const locked = `${DATA} fs.chmodSync(data, 0o500);`;
/** As long as one path can be, so that a copy of it elsewhere is too long. */
const deep = `${DATA} fs.mkdirSync(made); let inner = made;
  for (const room = () => 4090 - inner.length; room() > 1;) {
    inner = path.join(inner, 'd'.repeat(Math.min(60, room() - 1))); fs.mkdirSync(inner);
  }`;
/** Deeper than any path leads. */
const deeper = `${deep} process.chdir(path.dirname(inner)); fs.mkdirSync('e'.repeat(200));`;
const noText = `${DATA} fs.writeFileSync(Buffer.concat([Buffer.from(data + '/'), Buffer.from([0xff])]), 'x');`;

const failures = (version: string) =>
  marketplace.reports.filter((each) => each.version === version && each.kind === 'failed');

async function takesNextVersion(): Promise<void> {
  await offer('1.2.0', '');
  await reported('1.2.0', 'installed');
  expect(await activeIn(folder)).toBe('1.2.0');
  expect(await readdir(path.join(folder, 'staging'))).toEqual([]);
}

test.each([
  ['closes a folder of its data', closed],
  ['lets nobody write its data', locked],
  ['closes a folder in which another lies deeper than any path leads', `${deeper} fs.chmodSync(made, 0);`],
])('a health check that %s and fails is reported, taken back, and in nobody’s way', async (_what, script) => {
  await offer('1.1.0', `${script} console.log('all done'); process.exit(3);`);
  await reported('1.1.0', 'rolled_back');
  expect(failures('1.1.0')).toMatchObject([
    {
      errorCode: 'HEALTH_CHECK_FAILED',
      activeVersion: '1.0.0',
      detail: expect.stringContaining('status 3. all done'),
    },
  ]);
  await takesNextVersion();
  expect(await rememberedIn(folder)).toEqual(['1.0.0', '1.2.0']);
});

test.each([
  ['closes a folder of its data', closed],
  ['lets nobody write its data', locked],
])('a health check that %s and passes does not fail the next version', async (_what, script) => {
  await offer('1.1.0', script);
  await reported('1.1.0', 'installed');
  await takesNextVersion();
  expect(await readdir(path.join(folder, 'plugins', PLUGIN, 'data'))).toContain('state.json');
  expect(await rememberedIn(folder)).toEqual(['1.0.0', '1.1.0', '1.2.0']);
});

test.each([
  ['lie too deep for a backup', deep],
  ['have names that are no text', noText],
])(
  'a version whose health check leaves data that %s fails itself, not the next one',
  async (_what, script) => {
    await offer('1.1.0', script);
    await reported('1.1.0', 'rolled_back');
    expect(failures('1.1.0')).toMatchObject([
      { errorCode: 'HEALTH_CHECK_FAILED', detail: expect.stringContaining('cannot be backed up') },
    ]);
    await takesNextVersion();
  },
);
