import { limits } from '../../core/limits';
import { addPublisher, addTenants } from '../support/builders/identities';
import { createPublishRequest } from '../support/builders/submission';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';

let market: Marketplace;
let publisher: string;
beforeAll(async () => {
  market = await openMarketplace();
  publisher = await addPublisher(market.db);
  await market.startWorker();
});
afterAll(() => market.stop());

test('a subject has fifty live timelines open at a process and no more, and stands in nobody else’s way', async () => {
  const { publishId } = await market.sdk(publisher).releases.publish(createPublishRequest());
  const address = `${market.url}/api/marketplace/releases/${encodeURIComponent(publishId)}/events`;
  const leave = new AbortController();
  const open = (token: string) =>
    fetch(address, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream' },
      signal: leave.signal,
    });
  const opened = await Promise.all(Array.from({ length: limits.liveTimelines }, () => open(publisher)));
  expect(new Set(opened.map(({ status }) => status))).toEqual(new Set([200]));
  const refused = await ask(address, { token: publisher, headers: { accept: 'text/event-stream' } });
  expect([refused.status, refused.body.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await open(market.operatorToken)).status).toBe(200);
  const page = await ask(address, { token: publisher, headers: { accept: 'application/json' } });
  expect(page.status).toBe(200);
  leave.abort();
});

test('a tenant subscribes to a thousand plugins and no more; those that it has it may change and end', async () => {
  const tokens = await addTenants(market.db, ['acme', 'initech']);
  const row = { tenant_id: 'acme', channel: 'stable', auto_upgrade: true, updated_at: new Date() };
  const rows = Array.from({ length: limits.subscriptions }, (_none, n) => ({ ...row, plugin_id: `p-${n}` }));
  await market.db.batchInsert('subscriptions', rows);
  const plugin = { publisher_id: 'acme', name: 'x' };
  await market.db('plugins').insert(['one-more', 'p-7'].map((id) => ({ id, ...plugin })));
  const put = (pluginId: string, tenant = 'acme') =>
    ask(`${market.url}/api/v1/subscriptions/${pluginId}`, {
      method: 'PUT',
      token: tokens.get(tenant)!,
      body: { channel: 'beta', autoUpgrade: false },
    });
  const refused = await put('one-more');
  expect([refused.status, refused.body.code]).toEqual([409, 'SUBSCRIPTIONS_FULL']);
  expect((await put('one-more', 'initech')).status).toBe(200);
  expect((await put('p-7')).status).toBe(200);
  await ask(`${market.url}/api/v1/subscriptions/p-7`, { method: 'DELETE', token: tokens.get('acme')! });
  expect((await put('one-more')).status).toBe(200);
});
