import { randomUUID } from 'node:crypto';
import { addPublisher, addTenants } from '../support/builders/identities';
import { listVersion } from '../support/builders/listed';
import { createReport } from '../support/builders/reports';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';

let market: Marketplace;
let token: string;
beforeAll(async () => {
  market = await openMarketplace();
  await addPublisher(market.db);
  token = (await addTenants(market.db, ['globex'])).get('globex')!;
  await listVersion(market.db);
  await listVersion(market.db, { pluginId: 'unlisted-plugin', isListed: false });
});
afterAll(() => market.stop());

test('reports about what was never listed leave no row, and the others of the batch are taken', async () => {
  const known = createReport();
  const unknown = Array.from({ length: 100 }, (_none, n) => createReport({ pluginId: `no-such-${n}` }));
  const versions = [createReport({ version: '9.9.9' }), createReport({ pluginId: 'unlisted-plugin' })];
  const answer = await market.sdk(token).installations.report([...unknown, known, ...versions]);
  expect(answer).toEqual({ accepted: 1, repeated: 0, ignored: 102 });
  expect(await market.db('reports').pluck('id')).toEqual([known.reportId]);
  expect(await market.db('installations').pluck('plugin_id')).toEqual(['demo-plugin']);
  const alone = await market.sdk(token).installations.report([createReport({ pluginId: 'no-such-plugin' })]);
  expect(alone).toEqual({ accepted: 0, repeated: 0, ignored: 1 });
});

test('a subscription to a plugin that does not exist is refused and leaves no row', async () => {
  const put = (pluginId: string) =>
    ask(`${market.url}/api/v1/subscriptions/${pluginId}`, {
      method: 'PUT',
      token,
      body: { channel: 'stable' },
    });
  const refused = await put('no-such-plugin');
  expect([refused.status, refused.body.code]).toEqual([404, 'NOT_FOUND']);
  expect((await put('demo-plugin')).status).toBe(200);
  expect(await market.db('subscriptions').pluck('plugin_id')).toEqual(['demo-plugin']);
});

describe('Calls without a valid token', () => {
  const guess = (url: string, from: string, value = `spwten_${randomUUID()}`) =>
    ask(`${url}/api/marketplace/whoami`, { token: value, headers: { 'x-forwarded-for': from } });

  test('are limited by address, and a valid token from the same address is never locked out', async () => {
    const api = await market.openSecondApi({ anonymousPerMinute: 3 });
    for (let time = 0; time < 3; time += 1) expect((await guess(api.url, '192.0.2.1')).status).toBe(401);
    const refused = await guess(api.url, '192.0.2.1');
    expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask(`${api.url}/api/marketplace/plugins`)).status).toBe(429);
    expect((await ask(`${api.url}/api/marketplace/plugins`, { token })).status).toBe(200);
    expect((await guess(api.url, '192.0.2.1', token)).status).toBe(200);
  });

  test('are counted by what a trusted proxy says, and by nothing else that says it', async () => {
    const direct = await market.openSecondApi({ anonymousPerMinute: 1 });
    await guess(direct.url, '192.0.2.1');
    expect((await guess(direct.url, '192.0.2.2')).status).toBe(429);
    const behind = await market.openSecondApi({
      anonymousPerMinute: 1,
      trustedProxies: ['127.0.0.0/8', '::1'],
    });
    await guess(behind.url, '192.0.2.1');
    expect((await guess(behind.url, '192.0.2.1')).status).toBe(429);
    expect((await guess(behind.url, '192.0.2.2')).status).toBe(401);
    // What the caller wrote itself stands before what the proxy added.
    expect((await guess(behind.url, '192.0.2.77, 192.0.2.1')).status).toBe(429);
  });
});
