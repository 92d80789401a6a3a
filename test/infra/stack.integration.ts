import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { query } from '../../infra/postgres/cluster';
import { isAlive, type ProcessIdentity } from '../../platform/processes/identity';
import { silentProgress } from '../../infra/terminal/progress';
import { parseStackConfig } from '../../infra/stack/config';
import { startStack, type Stack } from '../../infra/stack/startStack';
import { readStackRecord } from '../../infra/stack/state';
import { eventually, until } from '../support/waiting';
import { fakeEntries } from './fakes/entries';

const env = { PATH: process.env.PATH, HOME: process.env.HOME, SPILLWAY_TENANTS: 'acme,globex' };
let stateDir: string;
const stacks: Stack[] = [];
const processes: ChildProcess[] = [];

beforeEach(async () => {
  stateDir = await mkdtemp(path.join(os.tmpdir(), 'spillway-stack-'));
});
afterEach(async () => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  await Promise.all(stacks.splice(0).map((stack) => stack.stop()));
  await rm(stateDir, { recursive: true, force: true, maxRetries: 10 });
});

interface Start {
  state?: string;
  fresh?: boolean;
  settings?: NodeJS.ProcessEnv;
  announce?: (line: string) => void;
  signal?: AbortSignal;
}

async function start({ state = stateDir, fresh, settings, announce, signal }: Start = {}): Promise<Stack> {
  const parsed = parseStackConfig({ state, fresh }, { ...env, ...settings });
  const config = { ...parsed, inherited: { ...parsed.inherited, FAKE_DEAF: settings?.FAKE_DEAF } };
  const stack = await startStack({
    config,
    progress: silentProgress,
    entries: fakeEntries,
    announce,
    signal,
  });
  stacks.push(stack);
  return stack;
}

/** Every process that the stack of this folder has written down. */
const recorded = (state = stateDir): ProcessIdentity[] =>
  (readStackRecord(state)?.components ?? []).flatMap((component) => component.process ?? []);

const untilGone = (identities: readonly ProcessIdentity[]): Promise<void> =>
  eventually('the end of every process', () => expect(identities.filter(isAlive)).toEqual([]));

test('a start brings up every component, and a stop leaves no process behind', async () => {
  const stack = await start();
  expect(stack.components.map(({ name, record }) => [name, record.state])).toEqual(
    [
      'postgres',
      'temporal',
      'objects',
      'migrations',
      'trust',
      'api',
      'worker',
      'signer',
      'web',
      'identities',
      'host-acme',
      'host-globex',
    ].map((name) => [name, 'ready']),
  );
  expect(Object.keys(stack.timings.components)).toHaveLength(12);
  expect(stack.secrets.tenantTokens).toEqual({ acme: 'token-of-acme', globex: 'token-of-globex' });
  const ui = await fetch(stack.addresses.temporalUi ?? '');
  expect(ui.status).toBe(200);
  const running = recorded();
  expect(running.every(isAlive)).toBe(true);
  expect(running).toHaveLength(8);
  await stack.stop();
  await untilGone(running);
});

test('secrets are for nobody else to read', async () => {
  await start();
  for (const name of ['secrets.json', 'stack.json', 'logs/postgres.log']) {
    expect((await stat(path.join(stateDir, name))).mode & 0o077).toBe(0);
  }
  const secrets = JSON.parse(await readFile(path.join(stateDir, 'secrets.json'), 'utf8')) as Stack['secrets'];
  const shown = await readFile(path.join(stateDir, 'stack.json'), 'utf8');
  for (const secret of [secrets.postgresPassword, secrets.adminToken, secrets.objectsSecret]) {
    expect(shown).not.toContain(secret);
  }
});

test('a second start keeps data, tokens and ports, and --fresh starts with an empty state folder', async () => {
  const first = await start();
  await query(first.secrets.databaseUrl, 'create table kept as select 42 as answer');
  await first.stop();
  const second = await start();
  expect(await query(second.secrets.databaseUrl, 'select answer from kept')).toEqual([{ answer: 42 }]);
  expect(second.addresses).toEqual(first.addresses);
  expect(second.secrets.adminToken).toBe(first.secrets.adminToken);
  await second.stop();
  await writeFile(path.join(stateDir, 'mine.txt'), 'of the user');
  const third = await start({ fresh: true });
  await expect(query(third.secrets.databaseUrl, 'select answer from kept')).rejects.toThrow('does not exist');
  expect(third.secrets.adminToken).not.toBe(first.secrets.adminToken);
  expect(existsSync(path.join(stateDir, 'mine.txt'))).toBe(true);
});

test('a database and a Temporal cluster that are given are used, and none is started', async () => {
  const { SPILLWAY_TEST_DATABASE_URL: database, SPILLWAY_TEST_TEMPORAL_ADDRESS: temporal } = process.env;
  const stack = await start({ settings: { DATABASE_URL: database, TEMPORAL_ADDRESS: temporal } });
  expect(stack.addresses).toMatchObject({ temporal, temporalUi: undefined });
  expect(stack.components.slice(0, 2).map(({ record }) => [record.origin, record.process])).toEqual([
    ['given by DATABASE_URL', undefined],
    ['given by TEMPORAL_ADDRESS, namespace default', undefined],
  ]);
  expect(existsSync(path.join(stateDir, 'postgres'))).toBe(false);
});

test('two stacks run side by side, and a second one on the same folder is refused', async () => {
  const other = await mkdtemp(path.join(os.tmpdir(), 'spillway-stack-'));
  const [first, second] = await Promise.all([start(), start({ state: other })]);
  const addresses = [first, second].flatMap(({ addresses: { api, objects, temporal } }) => [
    api,
    objects,
    temporal,
  ]);
  expect(new Set(addresses).size).toBe(6);
  await expect(start()).rejects.toThrow(/another stack \(process \d+\) already runs/);
  expect((await fetch(`${first.addresses.api}/healthz`)).status).toBe(200);
  await second.stop();
  await rm(other, { recursive: true, force: true });
});

test('what dies is started again on the same port and said so', async () => {
  const lines: string[] = [];
  const stack = await start({ announce: (line) => void lines.push(line) });
  for (const name of ['host-acme', 'api', 'worker', 'signer', 'objects', 'postgres', 'temporal']) {
    const component = stack.components.find((candidate) => candidate.name === name);
    const before = component?.record.process;
    stack.kill(name, 'SIGKILL');
    await stack.untilReady(name);
    expect(component?.record).toMatchObject({ restarts: 1 });
    expect(component?.record.process).not.toEqual(before);
    await until(`two lines about ${name}`, () => lines.length >= 2);
    expect(lines.splice(0)).toEqual([
      expect.stringMatching(/was ended by SIGKILL; starting it again in 0\.5 s · log: .+\.log$/),
      expect.stringMatching(/is back \(\d+\.\d s\)$/),
    ]);
  }
});

test('a component that does not become ready is named with its log file and the next step, and nothing stays up', async () => {
  const settings = { FAKE_DEAF: '1', SPILLWAY_HEALTH_DEADLINE_SECONDS: '5' };
  const failure = await start({ settings }).catch((error: unknown) => String(error));
  expect(failure).toMatch(/Object store .*: not ready after 5 s: .*\/readyz answered 503/);
  expect(failure).toContain(`log: ${path.join(stateDir, 'logs', 'objects.log')}`);
  expect(failure).toContain('next step:');
  await untilGone(recorded());
});

test('a start that is interrupted leaves nothing behind', async () => {
  const interrupted = new AbortController();
  const starting = start({ signal: interrupted.signal });
  const outcome = expect(starting).rejects.toThrow('interrupted');
  await until('a process written down', () => recorded().length > 0);
  const running = recorded();
  interrupted.abort();
  await outcome;
  await untilGone([...running, ...recorded()]);
});

describe('from a terminal', () => {
  async function startInTerminal(): Promise<{ child: ChildProcess; output: () => string }> {
    const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
    const args = ['--import', loader, path.join(__dirname, 'fakes/runStack.ts'), '--state', stateDir];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, detached: true });
    processes.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await until('the stack ready', () => text.includes('ready in'), {
      giveUp: () => (child.exitCode === null ? undefined : text),
    });
    return { child, output: () => text };
  }

  const ended = (child: ChildProcess): Promise<number | null> =>
    new Promise((resolve) => child.once('close', (code) => resolve(code)));

  test('Ctrl-C stops everything and ends with status 0, and the log is plain lines', async () => {
    const { child, output } = await startInTerminal();
    const running = recorded();
    expect(running).toHaveLength(8);
    const closed = ended(child);
    // What a terminal does on Ctrl-C: the signal goes to the whole group.
    process.kill(-(child.pid ?? 0), 'SIGINT');
    expect(await closed).toBe(0);
    expect(running.filter(isAlive)).toEqual([]);
    const withoutNewlines = output().replaceAll('\n', '');
    expect([...withoutNewlines].filter((character) => character < ' ')).toEqual([]);
    expect(output()).toMatch(/^ok {3}PostgreSQL \d+\.\d+ · .+ · 127\.0\.0\.1:\d+ \(\d+\.\d s\)$/m);
    expect(output().trimEnd().split('\n').at(-1)).toBe('stopped');
  });

  test('children of a supervisor that was killed do not outlive it, and the next start takes over', async () => {
    const { child } = await startInTerminal();
    const running = recorded();
    const closed = ended(child);
    child.kill('SIGKILL');
    await closed;
    await untilGone(running);
    const stack = await start();
    expect(stack.components.every(({ record }) => record.state === 'ready')).toBe(true);
  });
});
