import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../platform/processes/ports';
import { createNamespace } from '../support/servers/namespace';
import { createDatabase, type TestDatabase } from '../support/servers/database';
import { startWorkerProcess, untilStatus } from '../support/servers/workerProcess';

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

const startWorker = (env: NodeJS.ProcessEnv = {}) => startWorkerProcess({ folder, database, temporal }, env);

test('the worker becomes ready, tells its numbers, and ends when asked, with JSON lines only [OBS-31]', async () => {
  const worker = await startWorker();
  const ready = await untilStatus(`${worker.url}/readyz`, 200);
  expect(ready).toEqual({
    ready: true,
    components: {
      postgres: { ready: true },
      objects: { ready: true },
      sandbox: { ready: true, detail: 'none (weak)' },
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

test('a worker without a program that checks packages names it, says what makes it, and ends', async () => {
  const missing = path.join(folder, 'host-trial.cjs');
  const worker = await startWorker({ SPILLWAY_HOST_TRIAL: missing });
  expect(await worker.ended).toEqual([1, null]);
  expect(worker.lines()).toMatchObject([
    { msg: 'the worker did not start', reason: expect.stringContaining(`${missing} (SPILLWAY_HOST_TRIAL)`) },
  ]);
  expect(JSON.stringify(worker.lines())).toContain('npm run build');
});

test('a worker that checks no packages needs no program for it', async () => {
  const env = { SPILLWAY_HOST_TRIAL: path.join(folder, 'host-trial.cjs'), SPILLWAY_WORKER_QUEUES: 'quick' };
  const worker = await startWorker(env);
  await untilStatus(`${worker.url}/healthz`, 200);
  worker.child.stdin?.end();
  expect(await worker.ended).toEqual([0, null]);
});

test('a worker with a bad setting names it and ends', async () => {
  const worker = await startWorker({ SPILLWAY_REVIEW_SLA: 'soon' });
  expect(await worker.ended).toEqual([1, null]);
  expect(JSON.stringify(worker.lines())).toContain('SPILLWAY_REVIEW_SLA');
});
