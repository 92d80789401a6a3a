import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { repositoryRoot } from '../../../infra/build/build';
import { freePort } from '../../../platform/processes/ports';
import { until } from '../waiting';
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
      SPILLWAY_CHECKER: path.join(repositoryRoot, 'dist/checker.cjs'),
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

export const untilStatus = (url: string, status: number): Promise<Record<string, unknown>> =>
  until(`${status} from ${url}`, async () => {
    const response = await fetch(url);
    return response.status === status && ((await response.json()) as Record<string, unknown>);
  });
