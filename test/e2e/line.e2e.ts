import { createHash } from 'node:crypto';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { SignedReleases } from '../../contracts/distribution/releases';
import type { Receipt } from '../../contracts/releases/publish';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { ReleaseState } from '../../core/releases/state';
import { openCast, type Cast } from '../../infra/demo/cast';
import { makePluginFolder, plantFault, type PluginFolder } from '../../infra/demo/pluginFolder';
import { createPxPlugin, type PxPlugin } from '../../infra/demo/pxPlugin';
import { isInCatalogue, takers } from '../../infra/demo/record';
import { eventually, until } from '../support/waiting';
import { isAlive } from '../../platform/processes/identity';
import { silentProgress } from '../../infra/terminal/progress';
import { parseStackConfig } from '../../infra/stack/config';
import { startStack, type Stack } from '../../infra/stack/startStack';
import { createClient, type Client } from '../../sdk/client';
import { readDigests, recorded } from './programs';

/** A release from end to end with real processes, step by step: each test continues where the one before it ended. */
jest.setTimeout(300_000);

const waiting = { seconds: 180 };
let stateDir: string;
let stack: Stack;
let cast: Cast;
let cli: PxPlugin;
let good: PluginFolder;
let faulty: PluginFolder;
/** A tenant that upgrades by hand, and one that never subscribed; neither has a host. */
let watcher: Client;
let stranger: Client;

beforeAll(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), 'spillway-line-'));
  const config = parseStackConfig({ state: stateDir }, process.env);
  stack = await startStack({ config, progress: silentProgress, announce: () => undefined });
  cast = openCast(stack);
  cli = createPxPlugin({
    cwd: stateDir,
    signal: new AbortController().signal,
    env: {
      ...process.env,
      PX_MARKETPLACE_API_URL: stack.addresses.api,
      PX_MARKETPLACE_TOKEN: cast.publisherToken,
      PX_SIGNING_HOME: path.join(stateDir, 'signing'),
    },
  });
  await cli.json('keys', 'create', '--name', 'Author', '--email', 'author@example.com');
  await cli.json('keys', 'register');
  const folders = path.join(stateDir, 'plugins');
  good = await makePluginFolder(cli, folders, 'obsidian-dataview@0.5.67');
  faulty = await makePluginFolder(cli, folders, 'obsidian-dataview@0.5.68');
  await plantFault(faulty);
  watcher = await tenantWithoutHost('watcher');
  stranger = await tenantWithoutHost('stranger');
});

afterAll(async () => {
  await stack?.stop();
  await rm(stateDir, { recursive: true, force: true, maxRetries: 10 });
});

async function tenantWithoutHost(tenantId: string): Promise<Client> {
  const { token } = await cast.operator.identity.registerTenant({ tenantId, name: tenantId });
  return createClient({ baseUrl: stack.addresses.api, token });
}

const reach = (plugin: PluginFolder, ...states: ReleaseState[]) =>
  until(
    `${plugin.title} becoming ${states.join(' or ')}`,
    async () => {
      const release = await cast.publisher.releases.read(plugin.versionId);
      return states.includes(release.state) && release;
    },
    waiting,
  );

async function approve(plugin: PluginFolder): Promise<void> {
  const { packageSha256 } = await reach(plugin, 'in_review');
  await cast.reviewer.reviews.decide(plugin.versionId, { decision: 'approve', notes: '', packageSha256 });
}

const hostsRun = (version: string) =>
  until(
    `every host on ${version}`,
    async () => {
      const running = await Promise.all(cast.tenants.map(({ runs }) => runs(good.pluginId)));
      return running.every((each) => each === version);
    },
    waiting,
  );

const readTimeline = async (plugin: PluginFolder): Promise<TimelineEvent[]> =>
  (await cast.publisher.releases.readTimeline(`release:${plugin.versionId}`)).events;

/** The changes of state as the timeline tells them. */
const statesIn = (events: readonly TimelineEvent[]) =>
  events.filter(({ kind }) => kind === 'state').map(({ data }) => data.to);

const listNews = async (client: Client, kind: string, { versionId }: PluginFolder) =>
  (await client.notifications.listForTenant({ limit: 200 })).notifications.filter(
    (each) => each.kind === kind && each.versionId === versionId,
  );

const installed = (tenant: string): string => path.join(stateDir, 'hosts', tenant, 'plugins', good.pluginId);

test('one command takes a plugin folder to a release, and the receipt names it [CLI-01] [CLI-26]', async () => {
  const printed = (await cli.json('publish', good.folder)) as Receipt;
  const kept = JSON.parse(await readFile(path.join(good.folder, 'publish-receipt.json'), 'utf8')) as Receipt;
  expect(kept).toEqual(printed);
  const release = await cast.publisher.releases.read(kept.publishId);
  expect(release).toMatchObject({ versionId: good.versionId, version: good.version, channel: 'stable' });
  expect(release.review?.reviewQueueId).toBe(kept.reviewQueueId);
  expect(Date.parse(kept.nextCheckAt)).toBeGreaterThan(Date.parse(kept.submittedAt));
});

test('a version is in the catalogue after its approval and not before [LST-01]', async () => {
  await reach(good, 'in_review');
  expect(await isInCatalogue(cast.publisher, good.versionId)).toBe(false);
  const tenants = cast.tenants.map(({ client }) => client);
  await Promise.all(tenants.map((client) => client.subscriptions.subscribe(good.pluginId)));
  await watcher.subscriptions.subscribe(good.pluginId, { autoUpgrade: false });
  await approve(good);
  await reach(good, 'listed', 'rolling_out', 'completed');
  expect(await isInCatalogue(cast.publisher, good.versionId)).toBe(true);
});

test('hosts have on disk, byte by byte, what the author built [TST-06]', async () => {
  await reach(good, 'completed');
  await hostsRun(good.version);
  const built = await readDigests(path.join(good.folder, 'dist'));
  expect(Object.keys(built).length).toBeGreaterThan(10);
  for (const { id } of cast.tenants)
    expect(await readDigests(path.join(installed(id), 'active', 'dist'))).toEqual(built);
});

test('each subscribed tenant is told of a listing once, and nobody else [NTF-01]', async () => {
  const subscribed = [...cast.tenants.map(({ client }) => client), watcher];
  const told = await Promise.all(subscribed.map((client) => listNews(client, 'version_listed', good)));
  expect(told.map((news) => news.map(({ upgrade }) => upgrade))).toEqual([
    ...cast.tenants.map(() => ['automatic']),
    ['manual'],
  ]);
  expect((await stranger.notifications.listForTenant()).notifications).toEqual([]);
});

test('a release passes each state once and in order, and a stage without tenants is no evidence', async () => {
  const { rollout } = await cast.publisher.releases.read(good.versionId);
  const stages = rollout?.stages ?? [];
  expect(stages.map(({ basisPoints }) => basisPoints)).toEqual([4_000, 8_000, 10_000]);
  expect(stages.map(({ verdict }) => verdict)).toEqual(
    stages.map(({ cohort }) => (cohort === 0 ? 'empty' : 'pass')),
  );
  expect(stages.reduce((sum, { cohort }) => sum + cohort, 0)).toBe(cast.tenants.length);
  const events = await readTimeline(good);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(statesIn(events)).toEqual([
    ...['uploading', 'scanning', 'in_review', 'approved', 'scheduled', 'listed', 'rolling_out', 'completed'],
  ]);
});

test('a bad upgrade comes back out of every host within five minutes, and all sides are told [ACC-08]', async () => {
  await cli.json('publish', faulty.folder);
  await approve(faulty);
  const { rollout } = await reach(faulty, 'rolled_back', 'completed');
  await hostsRun(good.version);
  expect(rollout?.state).toBe('rolled_back');
  const begun = (rollout?.stages ?? []).filter(({ startedAt }) => startedAt);
  expect(begun.at(-1)?.verdict).toBe('fail');
  expect(begun.slice(0, -1).every(({ verdict }) => verdict === 'empty')).toBe(true);
  const events = await readTimeline(faulty);
  const at = (kind: TimelineEvent['kind']) => Date.parse(events.find((each) => each.kind === kind)?.at ?? '');
  expect(at('rolled_back_everywhere') - at('install')).toBeLessThan(300_000);
  expect(at('rolled_back_everywhere')).toBeGreaterThanOrEqual(at('offer_withdrawn'));
  expect(await isInCatalogue(cast.publisher, faulty.versionId)).toBe(false);
  const took = takers({ events });
  expect(took.length).toBeGreaterThan(0);
  for (const { id, client } of cast.tenants) {
    expect(await listNews(client, 'rolled_back', faulty)).toHaveLength(took.includes(id) ? 1 : 0);
    expect(await client.rollouts.readStatus(faulty.versionId)).toMatchObject({ available: false });
  }
  const { notifications } = await cast.publisher.notifications.listForPublisher();
  expect(notifications.filter(({ kind }) => kind === 'rolled_back')).toHaveLength(1);
  const { alerts } = await cast.operator.notifications.listAlerts();
  expect(alerts.filter(({ kind }) => kind === 'rolled_back')).toHaveLength(1);
});

test('a host that went back has the files and the data of the version before [INS-08]', async () => {
  const took = takers({ events: await readTimeline(faulty) });
  const built = await readDigests(path.join(good.folder, 'dist'));
  for (const tenant of took) {
    const folder = installed(tenant);
    expect(path.basename(await realpath(path.join(folder, 'active')))).toBe(good.version);
    expect(await readDigests(path.join(folder, 'active', 'dist'))).toEqual(built);
    const data = await readFile(path.join(folder, 'data', 'state.json'), 'utf8');
    expect(JSON.parse(data)).toEqual({ starts: 1, lastHealthyVersion: good.version });
  }
});

test('every host believes what was signed under the root that it was given at its first start', async () => {
  const root = await readFile(path.join(stateDir, 'trust', 'pinned.root.json'), 'utf8');
  const readTrust = async (id: string) =>
    JSON.parse(await readFile(path.join(stateDir, 'hosts', id, 'trust.json'), 'utf8')) as {
      pinned: string;
      releases: Record<string, { document: SignedReleases }>;
    };
  for (const { id } of cast.tenants) {
    expect((await readTrust(id)).pinned).toBe(createHash('sha256').update(root).digest('hex'));
    // A host that never took the withdrawn version reads of it at its next look.
    await eventually(`what ${id} knows to be signed`, async () => {
      const stated = (await readTrust(id)).releases[good.pluginId]?.document.versions ?? [];
      expect(stated.map(({ version, state }) => `${version} ${state}`).sort()).toEqual([
        `${good.version} listed`,
        `${faulty.version} withdrawn`,
      ]);
    });
  }
});

test('a second start finds every release, and a stop leaves no process', async () => {
  const before = await cast.publisher.releases.list();
  const running = recorded(stateDir);
  await stack.stop();
  expect(running.length).toBeGreaterThan(8);
  expect(running.filter(isAlive)).toEqual([]);
  const config = parseStackConfig({ state: stateDir }, process.env);
  stack = await startStack({ config, progress: silentProgress, announce: () => undefined });
  cast = openCast(stack);
  expect(await cast.publisher.releases.list()).toEqual(before);
  expect(await Promise.all(cast.tenants.map(({ runs }) => runs(good.pluginId)))).toEqual(
    cast.tenants.map(() => good.version),
  );
});
