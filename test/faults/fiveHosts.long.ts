import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { startTestServers, type TestServers } from '../../infra/test/servers';
import { activeIn } from '../host/support/testHost';
import { removeBundle, startProcess, type HostProcess } from '../host/support/process';
import { startOnSmallDisk } from '../host/support/smallDisk';
import { publishAndUpload, reach } from '../support/builders/author';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { temporaryFolder } from '../support/temporaryFolder';
import { until } from '../support/waiting';
import type { Client } from '../../sdk/client';
import { openCorruptingProxy, type CorruptingProxy } from './support/corruptingProxy';

/**
 * Five real hosts of which one is old, one has a wrong clock, one a bad link and one a full disk, and one is well: a good
 * version gets through, a bad one comes back.
 */
jest.setTimeout(240_000);

const [GOOD, BAD] = ['good-among-five', 'bad-among-five'] as const;
const names = ['old', 'late', 'linked', 'full', 'well'] as const;
type Name = (typeof names)[number];

/** What each of four tenants is told of either version. */
const sentences: Record<Exclude<Name, 'well'>, RegExp> = {
  old: /The plugin needs host 1\.0\.0 or newer; this is 0\.9\.0\. Update the host/,
  late: /This machine's clock is 2 days behind\..* Set the clock of the host/,
  linked: /The package has the SHA-256 .*; .* was announced\. It is fetched again by itself/,
  full: /The disk of this host has 0 MiB left; \d+ MiB are needed .* Free space on the disk of the host/,
};

/** Sets the clock of a process back by two days. */
const SHIFT = `const Real = Date, by = -2 * 86_400_000;
globalThis.Date = class extends Real {
  constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + by); }
  static now() { return Real.now() + by; }
};`;

let servers: TestServers;
let setting: ReleaseMarketplace;
let link: CorruptingProxy;
let folder: string;
const tenants = {} as Record<Name, Client>;
const hosts: HostProcess[] = [];

const folderOf = (name: Name): string => path.join(folder, name);

async function startHosts(): Promise<void> {
  const { url, objects } = setting.market;
  link = await openCorruptingProxy(url, objects.url);
  const shift = path.join(folder, 'shift.cjs');
  await writeFile(shift, SHIFT);
  const special: Partial<Record<Name, Record<string, string>>> = {
    old: { SPILLWAY_HOST_VERSION: '0.9.0' },
    late: { NODE_OPTIONS: `--require ${shift}` },
    linked: { SPILLWAY_API_URL: link.url },
  };
  for (const name of names) {
    const { token = '' } = await setting.operator.identity.registerTenant({ tenantId: name, name });
    tenants[name] = setting.market.sdk(token);
    const env = {
      SPILLWAY_TENANT_ID: name,
      SPILLWAY_SUBSCRIPTIONS: `${GOOD},${BAD}`,
      SPILLWAY_ALLOWED_ORIGINS: `${objects.url},${link.url}`,
      ...special[name],
    };
    const market = { url, token };
    await mkdir(folderOf(name));
    if (name === 'full') {
      const small = await startOnSmallDisk(market, folderOf(name), { megabytes: 24, env });
      small.fill();
      hosts.push(small);
    } else hosts.push(await startProcess(market, folderOf(name), { env }));
  }
}

beforeAll(async () => {
  folder = temporaryFolder('five-hosts');
  servers = await startTestServers(() => undefined);
  process.env.SPILLWAY_TEST_DATABASE_URL = servers.databaseUrl;
  process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS = servers.temporalAddress;
  setting = await openReleaseMarketplace();
  await startHosts();
});
afterAll(async () => {
  for (const host of hosts) await host.kill();
  await link?.close();
  await setting?.stop();
  await servers?.stop();
  removeBundle();
  await rm(folder, { recursive: true, force: true });
});

/** Publishes a version that needs host 1.0.0, and approves it. */
async function roll(pluginId: string, health: string): Promise<string> {
  const rollout = { stages: [{ percentage: 100, wait: '10s' }] };
  const prepared = await setting.author.prepare(pluginId, '1.0.0', rollout, health, 15, '1.0.0');
  const { versionId } = await publishAndUpload(setting.publisher, prepared);
  await reach(setting.publisher, versionId, ['in_review']);
  for (const name of names)
    await tenants[name].subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  const { sha256: packageSha256 } = prepared.request.artefact;
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  return versionId;
}

/** What somebody was written about a version; the worker's pump delivers it. */
async function readNews(recipient: string, kind: string, versionId: string): Promise<string[]> {
  const rows = await setting.market.db('outbox').where({ recipient_id: recipient }).select('body');
  return rows
    .filter(({ body }) => body.kind === kind && body.versionId === versionId)
    .map(({ body }) => body.message);
}

async function expectSentences(versionId: string): Promise<void> {
  for (const name of ['old', 'late', 'linked', 'full'] as const) {
    const told = await until(`what ${name} is told`, async () => {
      const found = await readNews(name, 'install_trouble', versionId);
      return found.length > 0 && found;
    });
    expect(told).toEqual([expect.stringMatching(sentences[name])]);
  }
}

test('a good version is completed: four tenants are told what is wrong where, the fifth has it, and nobody is taken back', async () => {
  const versionId = await roll(GOOD, 'process.exit(0);\n');
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('completed');
  await expectSentences(versionId);
  const { rollout } = await setting.publisher.releases.read(versionId);
  expect(rollout?.stages).toMatchObject([{ verdict: 'pass', installed: 1, failed: 0, rolledBack: 0 }]);
  expect(await activeIn(folderOf('well'), GOOD)).toBe('1.0.0');
  expect(await readNews('well', 'install_trouble', versionId)).toEqual([]);
  expect(await readNews('acme', 'install_failed', versionId)).toEqual([]);
  // An old host leaves itself out before it fetches anything, and so does one without room.
  const fetched = await setting.market
    .db('download_grants')
    .where({ version_id: versionId })
    .pluck('tenant_id');
  expect(fetched.sort()).toEqual(['late', 'linked', 'well']);
});

test('a bad version among the same hosts is taken back, though only one of them could try it', async () => {
  // Well where it is tried before it is listed, and nowhere else.
  const health = `process.exit(process.env.PX_PLUGIN_DATA.includes('/trial-') ? 0 : 7);\n`;
  const versionId = await roll(BAD, health);
  const began = Date.now();
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe(
    'rolled_back',
  );
  process.stdout.write(`a bad version among five hosts was back after ${Date.now() - began} ms\n`);
  const { rollout } = await setting.publisher.releases.read(versionId);
  expect(rollout?.stages).toMatchObject([{ verdict: 'fail', installed: 0, failed: 1 }]);
  expect(await activeIn(folderOf('well'), BAD)).toBeNull();
  expect(await activeIn(folderOf('well'), GOOD)).toBe('1.0.0');
});
