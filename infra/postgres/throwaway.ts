import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { launch, type Child } from '../../platform/processes/child';
import { freePort } from '../../platform/processes/ports';
import { waitUntilReady } from '../../platform/processes/ready';
import { preparePostgres } from './server';

const HOST = '127.0.0.1';
const DEADLINE_MS = 60_000;
const GRACE_MS = 5_000;

/** A PostgreSQL that may lose everything when the machine does. */
export interface ThrowawayPostgres {
  child: Child;
  /** Connection string of its superuser, to the database `postgres`. */
  url: string;
}

/**
 * Starts one with all its files in `folder`, which its account must be able to enter.
 * @throws Error with the end of its log when it does not become ready
 */
export async function startThrowawayPostgres(folder: string): Promise<ThrowawayPostgres> {
  const logFile = path.join(folder, 'postgres.log');
  const server = await preparePostgres({
    stateDir: folder,
    host: HOST,
    port: await freePort(HOST),
    password: randomBytes(12).toString('hex'),
    isDurable: false,
    logFile,
    env: process.env,
    runtimeRoots: [folder],
  });
  const child = await launch(await server.command());
  const ready = { probe: () => server.probe(), deadlineMs: DEADLINE_MS, ended: child.exited };
  const readiness = await waitUntilReady(ready);
  if (readiness.ready) return { child, url: server.url('postgres') };
  await child.stop(GRACE_MS);
  const log = await readFile(logFile, 'utf8').catch(() => '');
  throw new Error(`PostgreSQL: ${readiness.reason}\n${log.slice(-2000)}`);
}

/** Does something with a PostgreSQL of its own, of which nothing is left afterwards. */
export async function withThrowawayPostgres<T>(work: (url: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-postgres-'));
  try {
    await chmod(folder, 0o711);
    const { child, url } = await startThrowawayPostgres(folder);
    try {
      return await work(url);
    } finally {
      await child.stop(GRACE_MS);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
