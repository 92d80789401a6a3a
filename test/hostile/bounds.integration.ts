import { addPublisher } from '../support/builders/identities';
import { createPublishRequest } from '../support/builders/submission';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';

let market: Marketplace;
let publisher: string;
beforeAll(async () => {
  market = await openMarketplace();
  publisher = await addPublisher(market.db);
});
afterAll(() => market.stop());

const long = (length: number): string => 'x'.repeat(length);
const percent = (stage: object) => ({ stages: [{ percentage: 100, ...stage }] });

/** Each was taken once, and stopped a rollout for good or the API. */
const rollouts: [title: string, rollout: object][] = [
  ['a stage that lasts longer than the sun', percent({ durationMs: 1e300 })],
  ['a stage that waits 10 to the 300 minutes', percent({ waitMinutes: 1e300 })],
  ['a stage that waits a billion days', percent({ wait: '999999999d' })],
  [
    'a moment with a megabyte of fractions',
    percent({ startAt: `2026-12-01T00:00:00.${'1'.repeat(500_000)}Z` }),
  ],
  ['a tenant whose name has no end', { tenants: { allow: [long(900_000)], deny: [] } }],
  [
    'a thousand and one tenants',
    { tenants: { allow: Array.from({ length: 1001 }, (_, n) => `t${n}`), deny: [] } },
  ],
];

test.each(rollouts)('a rollout with %s is refused before anything is kept', async (_title, rollout) => {
  const body = { ...createPublishRequest(), rollout };
  const answer = await ask(`${market.url}/api/marketplace/plugins/publish`, {
    method: 'POST',
    token: publisher,
    body,
  });
  expect(answer.status).toBe(422);
  expect(['BODY_INVALID', 'ROLLOUT_PLAN_INVALID']).toContain(answer.body.code);
  expect(await market.db('releases')).toEqual([]);
});

test('a manifest of more than 256 KiB of own keys is refused', async () => {
  const request = createPublishRequest();
  const body = { ...request, manifest: { ...request.manifest, 'x-own': long(262_145) } };
  const answer = await ask(`${market.url}/api/marketplace/plugins/publish`, {
    method: 'POST',
    token: publisher,
    body,
  });
  expect([answer.status, answer.body.code]).toEqual([422, 'BODY_INVALID']);
});

test('a body that is wrong in sixty thousand places is answered with the first fifty', async () => {
  const raw = JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, n) => [`k${n}`, 0])));
  const answer = await ask(`${market.url}/api/marketplace/plugins/publish`, {
    method: 'POST',
    token: publisher,
    raw,
  });
  expect(answer.status).toBe(422);
  expect((answer.body as unknown as { errors: unknown[] }).errors).toHaveLength(50);
});
