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

/** Runs the migrations with settings, as the owner of the tables does before the processes start; returns the log. */
async function runMigrations(over: Record<string, string>): Promise<string> {
  const env = { PATH: process.env.PATH, DATABASE_URL: database.url, ...over };
  const child = spawn(process.execPath, ['--import', 'tsx', 'adapters/db/migrateMain.ts'], {
    cwd: ROOT,
    env,
  });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(String(chunk)));
  const [status] = (await once(child, 'exit')) as [number];
  return `${status} ${chunks.join('')}`;
}

const whoami = async (api: ApiProcess, token: string): Promise<number> =>
  (await ask(`${api.url}/api/marketplace/whoami`, { token })).status;

test('the migrations admit the operator of their settings, once; two API processes know it, and end cleanly when asked', async () => {
  const next = `${TOKEN}-2`;
  const told = await runMigrations({ SPILLWAY_ADMIN_TOKEN: TOKEN });
  expect(told).toMatch(/^0 .*the database is up to date/);
  expect(told).not.toContain(TOKEN);
  const apis = await Promise.all([start(), start()]);
  for (const api of apis) {
    await untilAnswered(api, '/readyz');
    expect(await whoami(api, TOKEN)).toBe(200);
  }
  expect(await database.knex('api_keys').where({ subject_kind: 'operator' }).count()).toEqual([{ count: 1 }]);
  await runMigrations({ SPILLWAY_ADMIN_TOKEN: next });
  expect([await whoami(apis[0]!, TOKEN), await whoami(apis[1]!, next)]).toEqual([401, 200]);
  expect(await runMigrations({ SPILLWAY_ADMIN_TOKEN: TOKEN })).toContain('SPILLWAY_ADMIN_TOKEN was revoked');
  expect(await runMigrations({ SPILLWAY_ADMIN_TOKEN: 'short' })).toMatch(/^1 .*SPILLWAY_ADMIN_TOKEN/s);
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
