import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { which } from './which';

/** What a program may use of the machine, whatever it is fed. */
export interface Bounds {
  /** Of JavaScript's heap. */
  heapMib: number;
  /** Of everything that it allocates, where the system can limit that (Linux with `prlimit`). */
  dataMib: number;
  /** Processor time after which the system ends it, also when nobody is left who would. */
  cpuSeconds: number;
}

export interface BoundedProgram {
  /** The script with its arguments, and options of Node before it. */
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  cwd?: string;
  stdio: StdioOptions;
  bounds: Bounds;
}

const MIB = 1024 * 1024;

/**
 * Starts a program of Node within bounds, in a group of its own, so that `killGroup` ends it with all that it
 * started. Its environment is what is given and nothing else.
 */
export async function spawnBounded({ args, env, cwd, stdio, bounds }: BoundedProgram): Promise<ChildProcess> {
  const node = [process.execPath, `--max-old-space-size=${bounds.heapMib}`, ...args];
  const limiter = process.platform === 'linux' ? await which(['prlimit'], process.env) : undefined;
  const limits = ['--core=0', `--data=${bounds.dataMib * MIB}`, `--cpu=${bounds.cpuSeconds}`];
  const [file, ...rest] = limiter ? [limiter, ...limits, ...node] : node;
  return spawn(file!, rest, { cwd, env, stdio, detached: true });
}
