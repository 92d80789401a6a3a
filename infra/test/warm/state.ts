import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isAlive, type ProcessIdentity } from '../../../platform/processes/identity';
import { digestInputs } from '../../build/stamp';
import { repositoryRoot } from '../../build/build';
import { cacheDirFrom } from '../../tools/toolCache';
import type { TestServers } from '../servers';

/** The test servers that a clone has running between runs: who holds them, and where they listen. */
export interface WarmState {
  keeper: ProcessIdentity;
  /** Digest of what decides how the servers run; another one means that they must be started again. */
  digest: string;
  servers: Omit<TestServers, 'stop'>;
}

/** One file per clone, in the user's cache: two clones side by side have servers of their own. */
export function warmStateFile(env: NodeJS.ProcessEnv): string {
  const clone = createHash('sha256').update(repositoryRoot).digest('hex').slice(0, 12);
  return path.join(path.dirname(cacheDirFrom(env)), 'test-servers', `${clone}.json`);
}

/** What the file tells, or undefined when there is none or its keeper is no longer alive. */
export function readWarmState(file: string): WarmState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as WarmState;
    return isAlive(state.keeper) ? state : undefined;
  } catch {
    return undefined;
  }
}

export const digestServers = (): Promise<string> =>
  digestInputs(repositoryRoot, [
    'infra/test',
    'infra/temporal',
    'infra/postgres',
    'infra/tools/catalogue.ts',
  ]);
