import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { killGroup } from '../../../platform/processes/killGroup';

/** How a trial installation went. */
export const trialResultSchema = z.object({
  healthy: z.boolean(),
  phases: z.array(z.object({ name: z.string(), ms: z.number() })).default([]),
  errorCode: z.string().optional(),
  detail: z.string().optional(),
});
export type TrialResult = z.infer<typeof trialResultSchema>;

export interface Trial {
  /**
   * Installs a package into a throwaway host and runs its health check.
   *
   * @param keys armored public keys of the publisher
   * @throws Error when there is no verdict on the plugin: no runner, a crash, the deadline
   */
  run(input: { packagePath: string; keys: readonly string[]; signal: AbortSignal }): Promise<TrialResult>;
}

export interface TrialOptions {
  /** The runner's program; without one every trial is silent, because absence is never a pass. */
  program: string | undefined;
  /** Where throwaway hosts live, each in a folder of its own. */
  dir: string;
  deadlineMs: number;
}

/** Trials in a child process, so that a plugin's misbehaviour ends with it. */
export function createTrial({ program, dir, deadlineMs }: TrialOptions): Trial {
  return {
    run: async ({ packagePath, keys, signal }) => {
      if (!program) throw new Error('No runner for trial installations is configured.');
      await mkdir(dir, { recursive: true });
      const home = await mkdtemp(path.join(dir, 'trial-'));
      try {
        const keysDir = await writeKeys(home, keys);
        const data = path.join(home, 'data');
        const args = [program, '--package', packagePath, '--keys', keysDir, '--data', data];
        const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
        return lastResult(await runProcess(args, home, ended));
      } finally {
        await rm(home, { recursive: true, force: true, maxRetries: 3 });
      }
    },
  };
}

async function writeKeys(home: string, keys: readonly string[]): Promise<string> {
  const dir = path.join(home, 'keys');
  await mkdir(dir);
  await Promise.all(keys.map((armored, index) => writeFile(path.join(dir, `${index}.asc`), armored)));
  return dir;
}

/** The runner's result is one line; what else it prints does not matter. */
const OUTPUT_LIMIT = 256 * 1024;

/** Nothing of this process's environment goes to a stranger's plugin but the way to programs. */
function runProcess(args: string[], home: string, ended: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: home,
      env: { PATH: process.env.PATH ?? '', HOME: home, TMPDIR: home },
      stdio: ['ignore', 'pipe', 'ignore'],
      // A group of its own, so that what the plugin started ends with it.
      detached: true,
    });
    const endGroup = (): void => void (child.pid !== undefined && killGroup(child.pid));
    let output = '';
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
    });
    if (ended.aborted) endGroup();
    ended.addEventListener('abort', endGroup, { once: true });
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      ended.removeEventListener('abort', endGroup);
      endGroup();
      if (ended.aborted) reject(new Error('The trial installation did not end in time.'));
      else if (signal) reject(new Error(`The trial's runner was ended by ${signal}.`));
      else resolve(output);
    });
  });
}

/** @throws Error when the runner said nothing that can be read */
function lastResult(output: string): TrialResult {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return trialResultSchema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error('The trial installation ended without a result.', { cause: error });
  }
}
