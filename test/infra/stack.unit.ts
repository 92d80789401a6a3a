import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { choosePorts } from '../../infra/stack/choosePorts';
import { parseStackConfig } from '../../infra/stack/config';
import { addressLines } from '../../infra/stack/report';
import { isOwnName } from '../../infra/stack/state';

const HOST = '127.0.0.1';

describe('settings of the stack', () => {
  test('are all reported at once when they are wrong', () => {
    const env = { SPILLWAY_API_PORT: 'eighty', SPILLWAY_TENANTS: 'Acme Inc', LOG_LEVEL: 'loud' };
    expect(() => parseStackConfig({}, env)).toThrow(/SPILLWAY_API_PORT.*SPILLWAY_TENANTS.*LOG_LEVEL/s);
  });

  test('give every tenant a port from the base, and hand programs nothing of the environment but what they need', () => {
    const env = {
      SPILLWAY_HOST_PORT_BASE: '25000',
      SPILLWAY_TENANTS: 'acme,globex',
      PATH: '/bin',
      NPM_TOKEN: 'secret',
    };
    const config = parseStackConfig({ state: '/srv/state' }, env);
    expect([...config.ports]).toEqual([
      ['host-acme', 25_000],
      ['host-globex', 25_001],
    ]);
    expect(config).toMatchObject({ stateDir: '/srv/state', isFresh: false, inherited: { PATH: '/bin' } });
    expect(config.inherited).not.toHaveProperty('NPM_TOKEN');
  });
});

describe('ports of the stack', () => {
  test('are those that were asked for, else those of the last start, else free ones, and all different', async () => {
    const first = await choosePorts({
      host: HOST,
      names: ['api', 'objects', 'worker'],
      asked: new Map(),
      remembered: {},
    });
    expect(new Set(Object.values(first)).size).toBe(3);
    const asked = new Map([['worker', first.api ?? 0]] as const);
    const second = await choosePorts({
      host: HOST,
      names: ['api', 'objects', 'worker'],
      asked,
      remembered: first,
    });
    expect(second).toMatchObject({ worker: first.api, objects: first.objects });
    expect(second.api).not.toBe(first.api);
  });

  test('that were asked for and are taken are all named', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const { port } = server.address() as AddressInfo;
    const asked = new Map([['api', port]] as const);
    const promise = choosePorts({ host: HOST, names: ['api'], asked, remembered: {} });
    await expect(promise).rejects.toThrow(`already in use on ${HOST}: api ${port}`);
    await new Promise((resolve) => server.close(resolve));
  });
});

test('emptying the state removes only what the stack made', () => {
  expect(['postgres', 'temporal', 'secrets.json', 'hosts', 'objects'].every(isOwnName)).toBe(true);
  expect(['package.json', '.git', 'src', 'stack.lock', 'hosts.txt'].some(isOwnName)).toBe(false);
});

test('addresses are a table for a person and plain lines for a log', () => {
  const addresses = {
    web: 'http://h:1/',
    api: 'http://h:1',
    docs: 'http://h:1/docs',
    temporal: 'h:2',
    worker: 'http://h:3',
    hosts: { acme: 'http://h:4' },
  };
  const stack = { addresses, timings: { totalSeconds: 2.04, components: {} } };
  expect(addressLines(stack, false)).toEqual([
    'Web: http://h:1/',
    'API: http://h:1',
    'API documentation: http://h:1/docs',
    'Host of acme: http://h:4',
    'ready in 2.0 s',
  ]);
  expect(addressLines(stack, true)[0]).toContain('│');
});
