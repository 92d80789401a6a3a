import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readinessSchema } from '../../contracts/readiness';
import { closeServer } from '../../platform/server/end';
import { createHealthServer } from '../../platform/server/healthServer';
import { listen } from '../../platform/server/listen';
import { NotReady, checkReadiness } from '../../platform/server/readiness';

const HERE = { port: 0, host: '127.0.0.1' };
const never = new Promise<void>(() => undefined);
const metrics = { contentType: 'text/plain; version=0.0.4', metrics: async () => 'up 1\n' };

test('what is not ready says why in words of its own, and never in those of an error', async () => {
  const readiness = await checkReadiness(
    {
      objects: async () => undefined,
      feed: async () => 'waiting',
      worker: async () => Promise.reject(new NotReady('not running yet')),
      postgres: () => Promise.reject(new Error('password of user admin is wrong')),
      temporal: () => never,
    },
    20,
  );
  expect(readiness).toEqual({
    ready: false,
    components: {
      objects: { ready: true },
      feed: { ready: true, detail: 'waiting' },
      worker: { ready: false, detail: 'not running yet' },
      postgres: { ready: false, detail: 'postgres does not answer' },
      temporal: { ready: false, detail: 'temporal did not answer within 0.02 s' },
    },
  });
});

test('every process answers for its health in the shape of the contract', async () => {
  let isThere = false;
  const check = async (): Promise<void> => {
    if (!isThere) throw new Error('refused');
  };
  const server = await listen(createHealthServer(metrics, { postgres: check }), HERE);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const away = await fetch(`${url}/readyz`);
  expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5']);
  expect(readinessSchema.parse(await away.json()).ready).toBe(false);
  isThere = true;
  const ready = await fetch(`${url}/readyz?verbose`);
  expect([ready.status, readinessSchema.parse(await ready.json())]).toEqual([
    200,
    { ready: true, components: { postgres: { ready: true } } },
  ]);
  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'alive' });
  expect(await (await fetch(`${url}/metrics`)).text()).toBe('up 1\n');
  expect((await fetch(`${url}/elsewhere`)).status).toBe(404);
  expect((await fetch(`${url}/readyz`, { method: 'POST' })).status).toBe(404);
  await closeServer(server);
});

test('a server that ends answers what it has begun, and cuts what does not end in time', async () => {
  let begun: () => void = () => undefined;
  const isBegun = new Promise<void>((resolve) => (begun = resolve));
  let finish: () => void = () => undefined;
  const server = await listen(
    createServer((request, response) => {
      if (request.url === '/slow') finish = () => response.end('done');
      begun();
    }),
    HERE,
  );
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slow = fetch(`${url}/slow`).then((response) => response.text());
  await isBegun;
  const hanging = expect(fetch(`${url}/never`)).rejects.toThrow();
  await new Promise((resolve) => server.once('request', resolve));
  const closed = closeServer(server, 200);
  finish();
  expect(await slow).toBe('done');
  await closed;
  await hanging;
});

test('a port that is taken is an error and not a wait', async () => {
  const first = await listen(createServer(), HERE);
  const { port } = first.address() as AddressInfo;
  await expect(listen(createServer(), { ...HERE, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await closeServer(first);
});
