import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot } from '../../../infra/build/build';
import { freePort } from '../../../platform/processes/ports';
import type { TestDatabase } from './database';

const HOST = '127.0.0.1';

/** What a worker's process connects to, and the folder of its files. */
export interface WorkerPlace {
  folder: string;
  database: TestDatabase;
  temporal: { address: string; namespace: string };
}

export interface WorkerProcess {
  child: ChildProcess;
  url: string;
  lines: () => { level: number; msg: string; component?: string }[];
  ended: Promise<unknown[]>;
}

/** The worker as the stack runs it, from its sources. */
export async function startWorkerProcess(
  { folder, database, temporal }: WorkerPlace,
  env: NodeJS.ProcessEnv = {},
): Promise<WorkerProcess> {
  const port = await freePort(HOST);
  const child = spawn(process.execPath, ['--import', 'tsx', 'worker/main.ts'], {
    cwd: repositoryRoot,
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
  const lines = (): ReturnType<WorkerProcess['lines']> =>
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as ReturnType<WorkerProcess['lines']>[number]);
  return { child, url: `http://${HOST}:${port}`, lines, ended: once(child, 'exit') };
}

export async function untilStatus(url: string, status: number): Promise<Record<string, unknown>> {
  for (let left = 600; left > 0; left -= 1) {
    const response = await fetch(url).catch(() => undefined);
    if (response?.status === status) return (await response.json()) as Record<string, unknown>;
    await sleep(100);
  }
  throw new Error(`${url} did not answer ${status}.`);
}
