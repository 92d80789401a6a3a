import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ask } from '../support/requests/ask';
import { until } from '../support/waiting';
import { createDatabase, type TestDatabase } from '../support/servers/database';

const ROOT = path.join(__dirname, '../..');
const TOKEN = 'spwops_test-operator-token-0123456789';

interface ApiProcess {
  child: ChildProcessWithoutNullStreams;
  url: string;
  output: () => string;
}

let database: TestDatabase;
let folder: string;
const started: ApiProcess[] = [];

beforeAll(async () => {
  database = await createDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-api-'));
});
afterAll(async () => {
  for (const { child } of started) if (child.exitCode === null) child.kill('SIGKILL');
  await database.drop();
  await rm(folder, { recursive: true });
});

async function start(over: Record<string, string> = {}): Promise<ApiProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      DATABASE_URL: database.apiUrl,
      TEMPORAL_ADDRESS: process.env.SPILLWAY_TEST_TEMPORAL_ADDRESS,
      SPILLWAY_OBJECTS_URL: 'http://127.0.0.1:1',
      SPILLWAY_OBJECTS_DIR: folder,
      SPILLWAY_OBJECTS_SECRET: 's'.repeat(40),
      SPILLWAY_ADMIN_TOKEN: TOKEN,
      SPILLWAY_EXIT_WITH_PARENT: '1',
      ...over,
    },
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
  const output = () => chunks.join('');
  const api: ApiProcess = { child, url: '', output };
  started.push(api);
  api.url = `http://127.0.0.1:${await untilListening(api)}`;
  await untilAnswered(api, '/healthz');
  return api;
}

/** Waits until a process says on which port it listens; the system chose it, so that nobody else can have taken it. */
const untilListening = ({ child, output }: ApiProcess): Promise<string> =>
  until('the port of the process', () => /"port":(\d+)\},"msg":"the API is listening"/.exec(output())?.[1], {
    giveUp: () => (child.exitCode === null ? undefined : output()),
  });

/** Waits until an address of a process is answered with 200; the error gives what a process that ended has written. */
const untilAnswered = (api: ApiProcess, address: string): Promise<unknown> =>
  until(`200 from ${address}`, async () => (await ask(`${api.url}${address}`)).status === 200, {
    giveUp: () => (api.child.exitCode === null ? undefined : api.output()),
  });

const readLines = (api: ApiProcess) => api.output().split('\n').filter(Boolean);

test('two API processes admit the operator of their settings before they are ready, once, and end cleanly when asked', async () => {
  const apis = await Promise.all([start(), start()]);
  for (const api of apis) {
    await untilAnswered(api, '/readyz');
    expect((await ask(`${api.url}/api/marketplace/whoami`, { token: TOKEN })).status).toBe(200);
  }
  expect(await database.knex('api_keys').where({ subject_kind: 'operator' }).count()).toEqual([{ count: 1 }]);
  for (const { child } of apis) {
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  }
  for (const api of apis) {
    expect(readLines(api).length).toBeGreaterThan(1);
    for (const line of readLines(api))
      expect(JSON.parse(line)).toMatchObject({ name: 'api', msg: expect.any(String) });
    expect(api.output()).not.toContain(TOKEN);
  }
});

test('a process is not ready before the operator of its settings is admitted', async () => {
  const locked = await database.knex.transaction();
  await locked.raw('lock table api_keys in exclusive mode');
  const api = await start();
  const { status, body } = await ask(`${api.url}/readyz`);
  expect([status, body]).toMatchObject([
    503,
    { components: { postgres: { detail: 'the operator of the settings is not admitted yet' } } },
  ]);
  await locked.rollback();
  await untilAnswered(api, '/readyz');
  expect((await ask(`${api.url}/api/marketplace/whoami`, { token: TOKEN })).status).toBe(200);
});

test('a process whose components are away is alive, says which are missing, and ends with its parent', async () => {
  const gone = '127.0.0.1:1';
  const api = await start({
    DATABASE_URL: `postgres://u:hidden-word@${gone}/spillway`,
    TEMPORAL_ADDRESS: gone,
  });
  const readiness = await ask(`${api.url}/readyz`);
  expect(readiness.status).toBe(503);
  expect(readiness.body).toMatchObject({
    ready: false,
    components: { postgres: { ready: false }, temporal: { ready: false }, objects: { ready: true } },
  });
  const answer = await ask(`${api.url}/api/marketplace/plugins`);
  expect([answer.status, answer.body.code]).toEqual([503, 'UNAVAILABLE']);
  expect(answer.text).not.toContain(gone);
  api.child.stdin.end();
  expect(await once(api.child, 'exit')).toEqual([0, null]);
  expect(api.output()).not.toContain('hidden-word');
});

test('settings that are missing are named before anything is listened on', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env.PATH },
  });
  const chunks: string[] = [];
  child.stdout.on('data', (chunk) => chunks.push(String(chunk)));
  expect(await once(child, 'exit')).toEqual([1, null]);
  expect(chunks.join('')).toContain('DATABASE_URL');
});
