import { randomUUID } from 'node:crypto';
import type { Route } from '../../../api/http/route';
import { listRoutes } from '../../../api/app';
import type { RouteDependencies } from '../../../api/http/dependencies';
import { ask } from '../../support/requests/ask';
import { addPublisher, addTenants } from '../../support/builders/identities';
import { createPublishRequest } from '../../support/builders/submission';
import { createReport } from '../../support/builders/reports';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let globex: string;
let initech: string;

const routes: Route[] = listRoutes({ settings: { tenantPrefix: '/api/v1' } } as RouteDependencies);
const reads = routes.filter(({ access, method }) => access === 'tenant' && method === 'get');
/** Of one tenant only: whatever another tenant is shown, this text must not be in it. */
const SECRET = 'globex-only';

beforeAll(async () => {
  market = await openMarketplace();
  const tokens = await addTenants(market.db, ['globex', 'initech']);
  [globex, initech] = [tokens.get('globex') ?? '', tokens.get('initech') ?? ''];
  await addPublisher(market.db);
  await offerTo('globex');
  await list(SECRET);
  const host = market.sdk(globex);
  await host.subscriptions.subscribe(SECRET, { channel: 'beta' });
  await host.installations.report([createReport({ pluginId: SECRET, detail: SECRET })]);
  await market.db('notifications').insert({
    id: randomUUID(),
    key: SECRET,
    recipient_kind: 'tenant',
    recipient_id: 'globex',
    body: JSON.stringify({
      ...{ kind: 'version_listed', pluginId: SECRET, versionId: `${SECRET}@1.0.0`, title: SECRET },
      ...{ message: SECRET, priority: 'normal', upgrade: 'manual' },
    }),
    created_at: new Date(),
  });
});
afterAll(() => market.stop());

/** Writes a version that was listed. */
async function list(named = 'demo-plugin'): Promise<void> {
  const { pluginId, version, channel, manifest, notes, artefact } = createPublishRequest({ pluginId: named });
  const id = `${pluginId}@${version}`;
  const at = new Date();
  await market.db('plugins').insert({ id: pluginId, publisher_id: 'acme', name: manifest.name });
  await market.db('versions').insert({
    ...{ id, plugin_id: pluginId, version, channel, manifest: JSON.stringify(manifest), notes },
    ...{ notes_source: 'flag', package_sha256: artefact.sha256, package_bytes: artefact.bytes },
    ...{
      manifest_digest: artefact.manifestDigest,
      signed_by: artefact.signedBy ?? null,
      object_key: 'packages/a',
    },
    ...{ created_at: at, listed_at: at },
  });
}

/** A listed version whose rule allows one tenant by name, as a rollout would leave it. */
async function offerTo(tenantId: string): Promise<void> {
  await list();
  const [id, at] = ['demo-plugin@1.0.0', new Date()];
  const rule = JSON.stringify({
    salt: 'salt',
    basisPoints: 1,
    allow: [tenantId, 'hooli'],
    deny: ['umbrella'],
  });
  await market
    .db('feed')
    .insert({ revision: 1, key: 'offer', version_id: id, kind: 'offer', rule, stage: 1, at });
  await market.db('feed_head').update({ revision: 1 });
}

const fillAddress = (path: string): string =>
  market.url +
  path
    .replace('{pluginId}', SECRET)
    .replace('{version}', '1.0.0')
    .replace('{versionId}', encodeURIComponent(`${SECRET}@1.0.0`));

test.each(reads.map((route) => [route.path, route] as const))(
  '%s shows a tenant nothing of another one',
  async (_path, route) => {
    const answer = await ask(fillAddress(route.path), { token: initech });
    expect(answer.status).toBeLessThan(500);
    const said = JSON.stringify({ ...answer.body, detail: undefined, errors: undefined });
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain('globex');
    expect(said).not.toContain('hooli');
  },
);

test('a tenant finds its own rows on the same routes', async () => {
  const host = market.sdk(globex);
  expect((await host.subscriptions.list()).subscriptions).toEqual([
    { pluginId: SECRET, channel: 'beta', autoUpgrade: true },
  ]);
  expect((await host.installations.list()).installations).toMatchObject([
    { pluginId: SECRET, version: '1.0.0' },
  ]);
  expect((await host.notifications.listForTenant()).notifications).toMatchObject([
    { title: SECRET, upgrade: 'manual' },
  ]);
  const feed = await host.rollouts.readFeed({});
  expect(feed).toMatchObject({
    changed: true,
    page: {
      entries: [{ rule: { allow: ['globex'], deny: [] } }],
      next: 1,
      more: false,
      pollAfterSeconds: 60,
    },
  });
});

test('a tenant can neither end nor change the subscription of another one', async () => {
  await market.sdk(initech).subscriptions.unsubscribe(SECRET);
  await market.sdk(initech).subscriptions.subscribe(SECRET, { autoUpgrade: false });
  expect((await market.sdk(globex).subscriptions.list()).subscriptions).toEqual([
    { pluginId: SECRET, channel: 'beta', autoUpgrade: true },
  ]);
  await market.sdk(initech).subscriptions.unsubscribe(SECRET);
});

test('a report counts once however often and by whomever it is sent', async () => {
  const told = createReport();
  const host = market.sdk(globex);
  expect(await host.installations.report([told, told])).toEqual({ accepted: 1, repeated: 1, ignored: 0 });
  expect(await host.installations.report([told])).toEqual({ accepted: 0, repeated: 1, ignored: 0 });
  expect(await market.sdk(initech).installations.report([told])).toEqual({
    accepted: 0,
    repeated: 1,
    ignored: 0,
  });
});

test('the feed answers 304 until something changes, and differs between tenants', async () => {
  const url = `${market.url}/api/v1/feed?since=0`;
  const first = await ask(url, { token: globex });
  const etag = first.headers.get('etag') ?? '';
  const again = await ask(url, { token: globex, headers: { 'if-none-match': etag } });
  expect([again.status, again.text, again.headers.get('x-poll-after-seconds')]).toEqual([304, '', '60']);
  expect((await ask(url, { token: initech, headers: { 'if-none-match': etag } })).status).toBe(200);
  await market.db('feed_head').update({ revision: 2 });
  expect((await ask(url, { token: globex, headers: { 'if-none-match': etag } })).status).toBe(200);
  await market.db('feed_head').update({ revision: 1 });
});

test('a revision that the feed does not have yet is refused, so that a host never waits for nothing', async () => {
  const answer = await ask(`${market.url}/api/v1/feed?since=99`, { token: globex });
  expect([answer.status, answer.body.code]).toEqual([400, 'FEED_REVISION_UNKNOWN']);
});

test('hosts are asked to look more often while a rollout is under way', async () => {
  const plan = JSON.stringify({ stages: [] });
  const release = randomUUID();
  await market.db('releases').insert({
    ...{ id: release, version_id: 'demo-plugin@1.0.0', submission: 1, publisher_id: 'acme' },
    ...{ publish_request_id: randomUUID(), submission_digest: 'x', publish_id: 'release:demo-plugin@1.0.0' },
    ...{ state: 'rolling_out', submitted_by: 'acme', submitted_at: new Date(), updated_at: new Date() },
    ...{ receipt: '{}', parts: '[]' },
  });
  await market.db('rollouts').insert({
    ...{ version_id: 'demo-plugin@1.0.0', release_id: release, plugin_id: 'demo-plugin', salt: 'salt' },
    ...{ basis_points: 1, stage: 1, state: 'active', plan, updated_at: new Date() },
  });
  const feed = await market.sdk(globex).rollouts.readFeed({});
  expect(feed).toMatchObject({ page: { pollAfterSeconds: 2 } });
});

test('an operator is no tenant, whatever scopes its token has', async () => {
  const answer = await ask(`${market.url}/api/v1/subscriptions/${SECRET}`, {
    method: 'PUT',
    token: market.operatorToken,
    body: {},
  });
  expect([answer.status, answer.body.code]).toEqual([403, 'SCOPE_MISSING']);
});
