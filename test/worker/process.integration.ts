import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../platform/processes/ports';
import { createNamespace } from '../support/servers/namespace';
import { createDatabase, type TestDatabase } from '../support/servers/database';

const root = path.join(__dirname, '../..');
const HOST = '127.0.0.1';
let folder: string;
let database: TestDatabase;
let temporal: { address: string; namespace: string };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-worker-'));
  [database, temporal] = await Promise.all([createDatabase(), createNamespace()]);
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Running {
  child: ChildProcess;
  url: string;
  lines: () => { level: number; msg: string; component?: string }[];
  ended: Promise<unknown[]>;
}

/** The worker as the stack runs it, from its sources. */
async function startWorker(env: NodeJS.ProcessEnv = {}): Promise<Running> {
  const port = await freePort(HOST);
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: root,
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: String(port),
      HOST,
      DATABASE_URL: database.workerUrl,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
      SPILLWAY_OBJECTS_DIR: path.join(folder, 'objects'),
      SPILLWAY_OBJECTS_URL: 'https://store.example.com',
      SPILLWAY_OBJECTS_SECRET: 'secret-'.repeat(8),
      SPILLWAY_SCRATCH_DIR: path.join(folder, 'scratch'),
      SPILLWAY_EXIT_WITH_PARENT: '1',
      ...env,
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const lines = (): ReturnType<Running['lines']> =>
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as ReturnType<Running['lines']>[number]);
  return { child, url: `http://${HOST}:${port}`, lines, ended: once(child, 'exit') };
}

async function untilStatus(url: string, status: number): Promise<Record<string, unknown>> {
  for (let left = 600; left > 0; left -= 1) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === status) return (await response.json()) as Record<string, unknown>;
    await sleep(100);
  }
  throw new Error(`${url} did not answer ${status}.`);
}

test('the worker becomes ready, tells its numbers, and ends when asked, with JSON lines only [OBS-31]', async () => {
  const worker = await startWorker();
  const ready = await untilStatus(`${worker.url}/readyz`, 200);
  expect(ready).toEqual({
    ready: true,
    components: {
      postgres: { ready: true },
      objects: { ready: true },
      temporal: { ready: true },
      worker: { ready: true },
    },
  });
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  expect(metrics).toContain('process_resident_memory_bytes');
  expect((await fetch(`${worker.url}/elsewhere`)).status).toBe(404);
  worker.child.kill('SIGTERM');
  expect(await worker.ended).toEqual([0, null]);
  expect(worker.lines().at(-1)).toMatchObject({ msg: 'the worker has ended' });
});

test('a worker whose components are away is alive, says for what it waits, and ends with its parent', async () => {
  const nobody = `postgres://nobody@${HOST}:${await freePort(HOST)}/none`;
  const worker = await startWorker({ DATABASE_URL: nobody });
  await untilStatus(`${worker.url}/healthz`, 200);
  expect(await untilStatus(`${worker.url}/readyz`, 503)).toMatchObject({
    ready: false,
    components: {
      objects: { ready: true },
      worker: { ready: false, detail: 'not running yet' },
      postgres: { ready: false, detail: expect.any(String) },
    },
  });
  worker.child.stdin?.end();
  expect(await worker.ended).toEqual([0, null]);
  expect(worker.lines()).toContainEqual(expect.objectContaining({ component: 'postgres' }));
});

test('a worker with a bad setting names it and ends', async () => {
  const worker = await startWorker({ SPILLWAY_REVIEW_SLA: 'soon' });
  expect(await worker.ended).toEqual([1, null]);
  expect(JSON.stringify(worker.lines())).toContain('SPILLWAY_REVIEW_SLA');
});
