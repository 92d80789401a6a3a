import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { launch, type Child } from '../../../platform/processes/child';
import { waitUntilReady } from '../../../platform/processes/ready';
import { readStackRecord } from '../../stack/state';

/** It installs and builds what is not there yet. */
const DEADLINE_MS = 900_000;
const GRACE_MS = 90_000;

/**
 * Starts the stack of another version as its own `npm start` does, with its own programs.
 * @throws Error with the end of its output when it does not come up
 */
export async function startOldStack(
  root: string,
  stateDir: string,
  env: NodeJS.ProcessEnv,
): Promise<{ stop(): Promise<void> }> {
  const logFile = path.join(path.dirname(stateDir), 'old-stack.log');
  const loader = createRequire(path.join(root, 'package.json')).resolve('tsx');
  const child = await launch({
    file: process.execPath,
    args: ['--import', pathToFileURL(loader).href, 'infra/stack/main.ts', '--state', stateDir],
    cwd: root,
    env,
    logFile,
    stopSignal: 'SIGTERM',
    endsWithParent: false,
  });
  const readiness = await waitUntilReady({
    probe: () => requireReady(stateDir),
    deadlineMs: DEADLINE_MS,
    ended: child.exited,
  });
  if (readiness.ready) return { stop: () => stopAll(child, stateDir) };
  await child.stop(GRACE_MS);
  const log = await readFile(logFile, 'utf8').catch(() => '');
  throw new Error(`the old version: ${readiness.reason}\n${log.slice(-2000)}`);
}

async function requireReady(stateDir: string): Promise<void> {
  const components = readStackRecord(stateDir)?.components ?? [];
  const missing = components.filter(({ state }) => state !== 'ready');
  if (components.length === 0) throw new Error('it has not begun to start');
  if (missing.length > 0) throw new Error(`not ready: ${missing.map(({ name }) => name).join(', ')}`);
}

/** @throws Error when anything of it was still running at the end, because two versions at once prove nothing */
async function stopAll(child: Child, stateDir: string): Promise<void> {
  await child.stop(GRACE_MS);
  const left = (readStackRecord(stateDir)?.components ?? []).filter(({ state }) => state === 'ready');
  if (left.length > 0 && left.some(({ process: identity }) => identity)) {
    throw new Error(`the old version did not stop ${left.map(({ name }) => name).join(', ')}`);
  }
}
