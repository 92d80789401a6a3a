import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { AddressInfo } from 'node:net';
import { choosePorts } from '../../infra/stack/choosePorts';
import { parseStackConfig } from '../../infra/stack/config';
import { addressLines } from '../../infra/stack/report';
import type { ComponentSpec } from '../../infra/stack/component';
import { hostComponents } from '../../infra/stack/components/hosts';
import { signerComponent } from '../../infra/stack/components/trust';
import { apiComponent, codecComponents, workerComponent } from '../../infra/stack/components/product';
import { builtEntries, type StackContext } from '../../infra/stack/context';
import { startStack } from '../../infra/stack/startStack';
import { isOwnName } from '../../infra/stack/state';
import { STATE_FORMAT, claimStateFormat } from '../../infra/stack/stateFormat';
import { silentProgress } from '../../infra/terminal/progress';

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

describe('credentials of the user’s own servers', () => {
  const env = {
    TEMPORAL_API_KEY: 'cluster',
    GOOGLE_APPLICATION_CREDENTIALS: '/srv/bucket.json',
    SPILLWAY_OBJECTS_SECRET: 'bucket',
    SPILLWAY_PAYLOAD_KEYS: `a:${'A'.repeat(43)}=`,
  };
  const config = parseStackConfig({ state: '/srv/state' }, { ...env, SPILLWAY_TENANTS: 'acme' });
  const context: StackContext = {
    config,
    entries: builtEntries('/srv/spillway'),
    ports: { api: 1, worker: 2, objects: 3, codec: 4, temporal: 5, temporalUi: 6, 'host-acme': 7 },
    secrets: {
      databaseUrl: 'postgres://spillway@127.0.0.1/spillway',
      ...{
        postgresPassword: 'p',
        apiDatabasePassword: 'a',
        workerDatabasePassword: 'w',
        signerDatabasePassword: 's',
        objectsSecret: 'o',
      },
      ...{
        adminToken: 'operator',
        tenantTokens: {},
        tenantKeys: {},
        hostAdminTokens: {},
        reviewerTokens: {},
        publisherTokens: {},
      },
    },
    keepSecrets: () => undefined,
  };

  test('reach API and worker, and no host that runs the code of strangers', async () => {
    const [host] = hostComponents(context);
    const environment = await readEnvironment(host);
    expect(environment).toMatchObject({ SPILLWAY_TENANT_ID: 'acme' });
    for (const name of Object.keys(env)) expect(environment).not.toHaveProperty(name);
    for (const component of [apiComponent(context), workerComponent(context)]) {
      expect(await readEnvironment(component)).toMatchObject({
        TEMPORAL_API_KEY: 'cluster',
        GOOGLE_APPLICATION_CREDENTIALS: '/srv/bucket.json',
        SPILLWAY_PAYLOAD_KEYS: env.SPILLWAY_PAYLOAD_KEYS,
      });
    }
  });

  test('and the token of the first operator reaches no process that answers strangers', async () => {
    for (const component of [apiComponent(context), workerComponent(context), ...hostComponents(context)])
      expect(Object.values(await readEnvironment(component))).not.toContain(context.secrets.adminToken);
  });

  test('and of the keys that sign what hosts believe, the signer alone is told the place', async () => {
    const others = [apiComponent(context), workerComponent(context), ...hostComponents(context)];
    expect(await readEnvironment(signerComponent(context))).toMatchObject({
      SPILLWAY_SIGNER_KEYS: '/srv/state/trust/online',
    });
    for (const component of others)
      expect(Object.values(await readEnvironment(component)).join(' ')).not.toContain('trust/online');
    expect(await readEnvironment(others.at(-1))).toMatchObject({
      SPILLWAY_TRUST_ROOT: '/srv/state/trust/pinned.root.json',
    });
  });

  test('and what asks nobody who they are stay on loopback wherever else the stack listens', async () => {
    const open = { ...context, config: { ...config, bindHost: '0.0.0.0' } };
    const [codec] = codecComponents(open);
    expect(codec?.address).toBe('http://127.0.0.1:4');
    expect(await readEnvironment(codec)).toMatchObject({ HOST: '127.0.0.1' });
    expect(await readEnvironment(apiComponent(open))).toMatchObject({
      HOST: '0.0.0.0',
      TEMPORAL_ADDRESS: '127.0.0.1:5',
    });
  });
});

async function readEnvironment(component: ComponentSpec | undefined): Promise<NodeJS.ProcessEnv> {
  if (component?.kind !== 'service') throw new Error('not a process');
  return (await component.command()).env ?? {};
}

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

describe('a state folder', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-state-'))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const start = (isFresh: boolean, signal = AbortSignal.abort()) => {
    const config = { ...parseStackConfig({ state: folder, fresh: isFresh }, {}), tenants: [] };
    return startStack({ config, progress: silentProgress, signal, entries: builtEntries('/nowhere') });
  };

  test('of 0.1 is refused with what to do, and nothing in it is touched', async () => {
    const secrets = JSON.stringify({ storeSecret: 'secret' });
    await writeFile(path.join(folder, 'secrets.json'), secrets);
    await expect(start(false)).rejects.toThrow(/written by Spillway 0\.1.*--fresh.*move it away.*--state/s);
    expect(await readFile(path.join(folder, 'secrets.json'), 'utf8')).toBe(secrets);
    expect(await readdir(folder)).toEqual(['secrets.json']);
  });

  test('of 0.1 is emptied and taken by a start with --fresh', async () => {
    await writeFile(path.join(folder, 'secrets.json'), JSON.stringify({ storeSecret: 'secret' }));
    await start(true).catch(() => undefined);
    expect(await readFile(path.join(folder, 'secrets.json'), 'utf8')).not.toContain('storeSecret');
    expect(() => claimStateFormat(folder)).not.toThrow();
  });

  test('that a later version wrote is refused; one of this version is taken again', async () => {
    claimStateFormat(folder);
    expect(() => claimStateFormat(folder)).not.toThrow();
    await writeFile(path.join(folder, 'format.json'), JSON.stringify({ format: STATE_FORMAT + 1 }));
    expect(() => claimStateFormat(folder)).toThrow(/a later version of Spillway/);
  });
});
