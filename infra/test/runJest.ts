import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { repositoryRoot } from '../build/build';

/** Runs Jest in a process of its own on our terminal and returns its status; a run ended by a signal has failed. */
export function runJest(args: readonly string[]): Promise<number> {
  const jest = path.join(path.dirname(createRequire(__filename).resolve('jest/package.json')), 'bin/jest.js');
  const child = spawn(process.execPath, [jest, ...args], { cwd: repositoryRoot, stdio: 'inherit' });
  // Ctrl-C reaches Jest as well, being in our group: wait for it to clean up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)));
}
