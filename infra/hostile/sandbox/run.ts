import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { run } from '../../../platform/processes/run';
import { repositoryRoot } from '../../build/build';
import { SECRET_VARIABLE } from './surroundings';

export interface SandboxAttack {
  driver: string;
  /** Who runs the host; another user than this one can be chosen by root only. */
  uid: number | undefined;
  /** Part of the titles of the probes to run; all without it. */
  only: string | undefined;
}

/**
 * Tries to break out of the sandbox with every probe, and prints what came of it.
 *
 * @returns the exit status: 0 when nothing is open
 */
export async function attackSandbox({ driver, uid, only }: SandboxAttack): Promise<number> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-attack-'));
  try {
    // Another user may not be able to read the repository.
    await chmod(folder, 0o755);
    const program = path.join(folder, 'attack.cjs');
    const library = path.join(folder, 'syscalls.node');
    await Promise.all([bundle(program), compile(library)]);
    const env = { PATH: process.env.PATH, [SECRET_VARIABLE]: randomBytes(16).toString('hex') };
    const args = [program, driver, library, ...(only ? [only] : [])];
    const child = spawn(process.execPath, args, {
      env,
      uid,
      gid: uid,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    return await new Promise((resolve, reject) => {
      child.once('error', reject).once('exit', (code) => resolve(code ?? 2));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const bundle = (outfile: string): Promise<unknown> =>
  build({
    absWorkingDir: repositoryRoot,
    entryPoints: ['infra/hostile/sandbox/child.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'silent',
  });

/** @throws Error when there is no C compiler */
const compile = (outfile: string): Promise<unknown> =>
  run('cc', ['-shared', '-fPIC', '-O1', '-pthread', '-o', outfile, 'infra/hostile/sandbox/syscalls.c'], {
    cwd: repositoryRoot,
  });
