import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { SigningKey } from '../../../pxp/signing';
import { isAlive } from '../../../platform/processes/identity';
import { hostLayout } from '../../../host/disk/layout';
import type { JournalLine } from '../../../host/disk/jobRecord';
import { readJournal, jobIdsIn } from '../../../host/disk/journal';
import { startMarketplace, type TestMarketplace } from '../../support/fakes/marketplace';
import { PLUGIN } from '../../support/builders/manifest';
import { buildPlugin, scripts, type Recipe } from '../../support/builders/plugins';
import { createKey } from '../../support/builders/keys';
import { temporaryFolder } from '../../support/temporaryFolder';
import { removeBundle, startProcess, type HostProcess } from '../support/process';
import { until } from '../../support/waiting';
import { activeIn, rememberedIn } from '../support/testHost';

// Real processes and real signals: a slow store keeps the download open, much padding the phases that
// handle bytes, and a slow health script the check.

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
  running = await startProcess(marketplace, folder);
});
afterEach(async () => {
  await running.kill();
  await marketplace.close();
  await rm(folder, { recursive: true, force: true });
});

const build = (recipe: Recipe) => buildPlugin(works, { key, ...recipe });
const reported = (version: string, kind: string) =>
  until(`${version} reported as ${kind}`, () => marketplace.kinds(version).includes(kind));

async function readJournalLines(version: string): Promise<JournalLine[]> {
  const layout = hostLayout(folder);
  const all = await Promise.all((await jobIdsIn(layout)).map((jobId) => readJournal(layout, jobId)));
  return all.find((lines) => lines?.[0]?.type === 'job' && lines[0].job.version === version) ?? [];
}

/** Waits until the installation of a version is in a phase, and kills the host there. */
async function killIn(version: string, phase: string): Promise<void> {
  await until(`${version} in ${phase}`, async () =>
    (await readJournalLines(version)).some((line) => line.type === 'phase' && line.phase === phase),
  );
  await running.kill();
}

async function expectWhole(version: string): Promise<void> {
  const plugin = path.join(folder, 'plugins', PLUGIN);
  expect(await activeIn(folder)).toBe(version);
  expect(await readFile(path.join(plugin, 'active/dist/index.js'), 'utf8')).toContain(version);
  await until('staging emptied', async () => (await readdir(path.join(folder, 'staging'))).length === 0);
}

const PADDING = 24 * 1024 * 1024;

test.each(['download', 'verify', 'unpack', 'health'])(
  'a host killed in the phase %s ends, after its restart, with the new version whole and one report',
  async (phase) => {
    marketplace.offer(await build({ version: '1.0.0' }));
    await reported('1.0.0', 'installed');
    const slow = phase === 'download' ? { slow: 400 } : {};
    const padding = phase === 'verify' || phase === 'unpack' ? PADDING : 0;
    const health = phase === 'health' ? scripts.slow(1500) : scripts.healthy;
    marketplace.offer(await build({ version: '1.1.0', padding, health }), slow);
    await killIn('1.1.0', phase);
    expect(['1.0.0', '1.1.0']).toContain(await activeIn(folder));
    running = await startProcess(marketplace, folder);
    await reported('1.1.0', 'installed');
    await expectWhole('1.1.0');
    expect(marketplace.kinds('1.1.0')).toEqual(['installed']);
    expect(await rememberedIn(folder)).toEqual(['1.0.0', '1.1.0']);
  },
);

test('a health check does not outlive the host that was killed under it', async () => {
  marketplace.offer(await build({ version: '1.0.0', health: scripts.hanging, timeoutSeconds: 60 }));
  const child = await until('the health check', async () =>
    (await readJournalLines('1.0.0')).find((line) => line.type === 'child'),
  );
  await running.kill();
  running = await startProcess(marketplace, folder);
  await until('the end of the health check', async () => !(await isAlive(child)));
  await until('the job resumed', async () =>
    (await readJournalLines('1.0.0')).some((line) => line.type === 'resumed'),
  );
});

test('a host killed while it takes a bad version back ends with the old version and its data', async () => {
  marketplace.offer(await build({ version: '1.0.0' }));
  await reported('1.0.0', 'installed');
  marketplace.offer(await build({ version: '1.1.0', health: scripts.broken, padding: PADDING }));
  await killIn('1.1.0', 'restore');
  running = await startProcess(marketplace, folder);
  await reported('1.1.0', 'rolled_back');
  await expectWhole('1.0.0');
  expect(await rememberedIn(folder)).toEqual(['1.0.0']);
  expect(marketplace.kinds('1.1.0')).toEqual(['failed', 'rolled_back']);
});

test('a second host is kept out of the data folder, and takes it over when the first was killed', async () => {
  await expect(startProcess(marketplace, folder)).rejects.toThrow(/HOST_FOLDER_BUSY/);
  await running.kill();
  running = await startProcess(marketplace, folder);
  await until('the second host ready', async () => (await fetch(`${running.url}/readyz`)).ok);
});

test('a host ends when it is asked to, or when its parent is gone, and every line of its log is JSON [OBS-31]', async () => {
  const metrics = await (await fetch(`${running.url}/metrics`)).text();
  expect(metrics).toContain('spillway_host_outbox_reports 0');
  expect(await running.kill('SIGTERM')).toBe(0);
  const lines = running.output().trim().split('\n');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  running = await startProcess(marketplace, folder);
  expect(await running.orphan()).toBe(0);
});
