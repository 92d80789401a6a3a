import { spawnBounded, type Bounds } from '../../../platform/processes/bounded';
import { takeCharge, type Checker } from './process';

/** Enough for fifty thousand files with names of eight mebibytes; a check streams everything else. */
const BOUNDS: Bounds = { heapMib: 256, dataMib: 768, cpuSeconds: 45 * 60 };

/**
 * Starts a checker. It is given no environment, so it holds no credentials: what it needs comes with each check.
 *
 * @param program `worker/checker/main.ts` as it was built, with options of Node before it where it needs some
 */
export async function startChecker(program: readonly string[], bounds = BOUNDS): Promise<Checker> {
  // Without this the allocator keeps an arena for each thread.
  const env = { MALLOC_ARENA_MAX: '2' };
  return takeCharge(await spawnBounded({ args: program, env, stdio: ['pipe', 'pipe', 'pipe'], bounds }));
}
