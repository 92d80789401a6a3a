import { randomUUID } from 'node:crypto';
import { listRoutes } from '../../api/app';
import type { RouteDependencies } from '../../api/http/dependencies';
import type { Route } from '../../api/http/route';
import { addPublisher, addTenants } from '../support/builders/identities';
import { ask } from '../support/requests/ask';
import { openMarketplace, type Marketplace } from '../support/servers/marketplace';

let market: Marketplace;
let tokens: { publisher: string; tenant: string; operator: string };
beforeAll(async () => {
  market = await openMarketplace({ writesPerMinute: 1, packagesPerMinute: 1 });
  const [publisher, tenants] = [
    await addPublisher(market.db),
    await addTenants(market.db, ['acme', 'initech']),
  ];
  tokens = { publisher, tenant: tenants.get('acme')!, operator: market.operatorToken };
});
beforeEach(async () => {
  await market.db('rate_limits').delete();
});
afterAll(() => market.stop());

const routes: Route[] = listRoutes({ settings: { tenantPrefix: '/api/v1' } } as RouteDependencies);
const named = (chosen: Route[]) =>
  chosen.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);
const address = ({ path }: Route): string => market.url + path.replaceAll(/\{\w+\}/g, randomUUID());
const tokenFor = ({ access }: Route): string => {
  if (access === 'tenant') return tokens.tenant;
  return access === 'plugin:publish' ? tokens.publisher : tokens.operator;
};
const call = (route: Route, token = tokenFor(route)) =>
  ask(address(route), {
    method: route.method.toUpperCase(),
    token,
    ...(route.method === 'get' ? {} : { body: {} }),
  });

const writing = routes.filter(({ method }) => method !== 'get');
test.each(named(writing))('%s is limited by who calls, whatever is sent', async (_name, route) => {
  expect((await call(route)).status).not.toBe(429);
  const second = await call(route);
  expect([second.status, second.body.code]).toEqual([429, 'RATE_LIMITED']);
  expect(Number(second.headers.get('retry-after'))).toBeGreaterThan(0);
});

test('one limit holds over all writing routes, and over all processes', async () => {
  const second = await market.openSecondApi({ writesPerMinute: 1 });
  const [first, other] = writing.filter(({ access }) => access === 'plugin:publish');
  expect((await call(first!)).status).not.toBe(429);
  const path = new URL(address(other!)).pathname;
  const answer = await ask(second.url + path, {
    method: other!.method.toUpperCase(),
    token: tokens.publisher,
    body: {},
  });
  expect(answer.body.code).toBe('RATE_LIMITED');
});

test('who has called too often stands in nobody else’s way', async () => {
  const [route] = writing.filter(({ access }) => access === 'tenant');
  await call(route!);
  expect((await call(route!)).status).toBe(429);
  const others = await addTenants(market.db, ['globex']);
  expect((await call(route!, others.get('globex')!)).status).not.toBe(429);
});

test('downloads of packages under review are limited, reading is not', async () => {
  const download = routes.find(({ rate }) => rate === 'packages')!;
  expect((await call(download)).body.code).toBe('NOT_FOUND');
  expect((await call(download)).body.code).toBe('RATE_LIMITED');
  const whoami = routes.find(({ path }) => path.endsWith('/whoami'))!;
  for (let time = 0; time < 3; time += 1) expect((await call(whoami)).status).toBe(200);
});
