import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isAlive } from '../../../platform/processes/identity';
import { repositoryRoot } from '../../build/build';
import type { TestServers } from '../servers';
import { digestServers, readWarmState } from './state';

const DEADLINE_MS = 120_000;
const GRACE_MS = 20_000;

/**
 * The servers that an earlier run of this clone left, or new ones that stay after this run.
 * @throws Error with the end of the log when they cannot be started
 *
 * @internal for tests, which run in processes of their own
 */
export async function findWarmServers(file: string): Promise<Omit<TestServers, 'stop'>> {
  const digest = await digestServers();
  const found = readWarmState(file);
  if (found?.digest === digest) return found.servers;
  if (found) await stopWarmServers(file);
  const log = `${file}.log`;
  const keeper = startKeeper(file, log);
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await sleep(100)) {
    const state = readWarmState(file);
    if (state) return state.servers;
    if (keeper.exitCode) break;
  }
  throw new Error(`the test servers did not start:\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

function startKeeper(file: string, log: string) {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const output = openSync(log, 'w', 0o600);
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const args = ['--import', loader, path.join(__dirname, 'keep.ts'), file];
  const stdio = ['ignore', output, output] as const;
  const keeper = spawn(process.execPath, args, { cwd: repositoryRoot, detached: true, stdio: [...stdio] });
  keeper.unref();
  return keeper;
}

/** Ends the servers that a clone left running; returns whether there were any. */
export async function stopWarmServers(file: string): Promise<boolean> {
  const state = readWarmState(file);
  if (!state) return false;
  process.kill(state.keeper.pid, 'SIGTERM');
  for (let waited = 0; waited < GRACE_MS && isAlive(state.keeper); waited += 100) await sleep(100);
  if (isAlive(state.keeper)) process.kill(state.keeper.pid, 'SIGKILL');
  return true;
}
