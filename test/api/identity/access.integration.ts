import { randomUUID } from 'node:crypto';
import type { Route } from '../../../api/http/route';
import { listRoutes } from '../../../api/app';
import type { RouteDependencies } from '../../../api/http/dependencies';
import { HOUR } from '../../../core/duration';
import { ask } from '../../support/requests/ask';
import { addPublisher, addTenants } from '../../support/builders/identities';
import { createPublishRequest } from '../../support/builders/submission';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let publisher: string;
let tenant: string;

/** The table of routes alone: no handler of it is called. */
const routes: Route[] = listRoutes({ settings: { tenantPrefix: '/api/v1' } } as RouteDependencies);
const closed = routes.filter(({ access }) => access !== 'public');
const examples: Record<string, string> = {
  versionId: 'demo-plugin@1.0.0',
  publishId: 'release:demo-plugin@1.0.0',
  pluginId: 'demo-plugin',
  version: '1.0.0',
  publisherId: 'acme',
  reviewQueueId: randomUUID(),
  id: 'acme',
  tokenId: randomUUID(),
  restrictionId: randomUUID(),
  fingerprint: 'A'.repeat(40),
};
const fillAddress = (path: string) =>
  market.url +
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(examples[name] ?? ''));

beforeAll(async () => {
  market = await openMarketplace();
  publisher = await addPublisher(market.db);
  tenant = (await addTenants(market.db, ['initech'])).get('initech') ?? '';
});
afterAll(() => market.stop());

const shown = closed.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

test.each(shown)('%s is refused without a token and with a wrong one [API-03]', async (_name, route) => {
  const method = route.method.toUpperCase();
  const without = await ask(fillAddress(route.path), { method });
  expect([without.status, without.body.code]).toEqual([401, 'TOKEN_MISSING']);
  const wrong = await ask(fillAddress(route.path), {
    method,
    token: 'spwpub_0123456789012345678901234567890123456789012',
  });
  expect([wrong.status, wrong.body.code]).toEqual([401, 'TOKEN_INVALID']);
  expect(wrong.headers.get('www-authenticate')).toBe('Bearer');
});

const scoped = shown.filter(([, { access }]) => access !== 'token');
test.each(scoped)('%s is refused to a token without its scope [API-03]', async (_name, route) => {
  const token = route.access === 'tenant' ? publisher : tenant;
  const answer = await ask(fillAddress(route.path), { method: route.method.toUpperCase(), token });
  expect([answer.status, answer.body.code]).toEqual([403, 'SCOPE_MISSING']);
  expect(answer.body.detail).toContain(route.access);
});

test('publishing without the permission plugin:publish is refused and audited, once an hour and caller [SEC-02]', async () => {
  const { token } = await market.sdk(market.operatorToken).identity.registerReviewer({
    reviewerId: 'rita',
    name: 'Rita',
  });
  const publish = () =>
    ask(`${market.url}/api/marketplace/plugins/publish`, {
      ...{ method: 'POST', token: token!, body: createPublishRequest() },
      headers: { 'x-request-id': 'denied-publish' },
    });
  const first = await publish();
  expect([first.status, first.body.code]).toEqual([403, 'SCOPE_MISSING']);
  expect(first.body.detail).toContain('plugin:publish');
  await publish();
  const rows = await market.db('audit').where({ action: 'access.denied', actor: 'reviewer:rita' });
  expect(rows.length).toBeGreaterThan(0);
  // A second one only where the hour ended between the two calls.
  expect(new Set(rows.map(({ at }) => Math.floor(at.getTime() / HOUR))).size).toBe(rows.length);
  expect(rows[0]).toMatchObject({
    subject: 'POST /api/marketplace/plugins/publish',
    request_id: 'denied-publish',
    data: { scope: 'plugin:publish' },
  });
});

test('a token that was revoked or has expired opens nothing [API-03]', async () => {
  const { token = '' } = await market.sdk(market.operatorToken).identity.issueToken('tenant', 'initech');
  expect((await market.sdk(token).identity.whoami()).id).toBe('initech');
  await market
    .db('api_keys')
    .where({ prefix: token.split('_')[0] ?? '', subject_id: 'initech' })
    .update({ expires_at: new Date(0) });
  expect((await ask(`${market.url}/api/marketplace/whoami`, { token })).body.code).toBe('TOKEN_INVALID');
  await market.db('api_keys').where({ subject_id: 'initech' }).update({ expires_at: null });
  expect((await ask(`${market.url}/api/marketplace/whoami`, { token })).status).toBe(200);
  await market.db('api_keys').where({ subject_id: 'initech' }).update({ revoked_at: new Date() });
  expect((await ask(`${market.url}/api/marketplace/whoami`, { token })).body.code).toBe('TOKEN_INVALID');
  await market.db('api_keys').where({ subject_id: 'initech' }).update({ revoked_at: null });
});

test('an unsigned package is refused before anything is kept [PKG-23] [SEC-06]', async () => {
  const unsigned = { ...createPublishRequest().artefact, signedBy: undefined };
  const request = { ...createPublishRequest(), artefact: unsigned };
  const answer = await ask(`${market.url}/api/marketplace/plugins/publish`, {
    method: 'POST',
    token: publisher,
    body: request,
  });
  expect([answer.status, answer.body.code]).toEqual([422, 'SIGNATURE_REQUIRED']);
  expect(await market.db('releases').count()).toEqual([{ count: 0 }]);
});

test('a manifest that speaks of another plugin is refused with everything else that is wrong, at once', async () => {
  const request = createPublishRequest();
  request.manifest = {
    ...request.manifest,
    id: 'other-plugin',
    runtime: { kind: 'process', entry: 'dist/main.js' },
  };
  const unsigned = { ...request.artefact, signedBy: undefined };
  const answer = await ask(`${market.url}/api/marketplace/plugins/publish`, {
    method: 'POST',
    token: publisher,
    body: { ...request, artefact: unsigned, rollout: { stages: [{ percentage: 20 }, { percentage: 10 }] } },
  });
  const codes = (answer.body.errors as { code: string }[]).map(({ code }) => code);
  expect(new Set(codes)).toEqual(
    new Set(['PRECHECK_MANIFEST_MISMATCH', 'HEALTH_MISSING', 'SIGNATURE_REQUIRED', 'ROLLOUT_PLAN_INVALID']),
  );
});

test('operators register who takes part; a token is shown the first time only', async () => {
  const operator = market.sdk(market.operatorToken);
  const first = await operator.identity.registerPublisher({ publisherId: 'hooli', name: 'Hooli' });
  expect(first).toMatchObject({ id: 'hooli', token: expect.stringMatching(/^spwpub_/) });
  expect(await operator.identity.registerPublisher({ publisherId: 'hooli', name: 'Hooli' })).toEqual({
    id: 'hooli',
  });
  expect(await market.sdk(first.token).identity.whoami()).toMatchObject({ kind: 'publisher', id: 'hooli' });
  await expect(operator.identity.issueToken('reviewer', 'nobody')).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const stored = JSON.stringify(await market.db('api_keys').select('*'));
  expect(stored).not.toContain(first.token);
});

test('tokens never reach the log, and every line of it is JSON with a request id [OBS-31] [CLI-28]', async () => {
  await ask(`${market.url}/api/marketplace/whoami?token=${tenant}`, { token: tenant });
  await ask(`${market.url}/%E0%A4%A`, { token: publisher });
  const lines = market.logLines();
  expect(lines.length).toBeGreaterThan(20);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ level: expect.any(Number) });
  const log = lines.join('\n');
  for (const token of [tenant, publisher, market.operatorToken]) expect(log).not.toContain(token);
});

test('every publish line carries the eight fields [OBS-17]', async () => {
  const lines = market.logLines().map((line) => JSON.parse(line) as Record<string, unknown>);
  const published = lines.filter(({ msg }) => msg === 'publish');
  expect(published.length).toBeGreaterThan(0);
  const fields = [
    'pluginId',
    'version',
    'channel',
    'publishId',
    'status',
    'elapsedMs',
    'errorCode',
    'requestId',
  ];
  for (const line of published) for (const field of fields) expect(line[field]).toEqual(expect.anything());
});
