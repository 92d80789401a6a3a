import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lineText, longText } from '../../../contracts/bounds';
import { limits } from '../../../core/limits';
import { getErrorMessage } from '../../../core/errors/thrown';
import { spawnBounded, type Bounds } from '../../../platform/processes/bounded';
import { killGroup } from '../../../platform/processes/killGroup';
import { CheckEnded, isStop } from '../checker/checkEnded';

/** How a trial installation went. */
const trialResultSchema = z.object({
  healthy: z.boolean(),
  phases: z
    .array(z.object({ name: lineText, ms: z.number().min(0).max(limits.count) }))
    .max(limits.details)
    .default([]),
  errorCode: longText.optional(),
  detail: longText.optional(),
  /** The driver that contained the plugin's code. */
  sandbox: longText.optional(),
});
export type TrialResult = z.infer<typeof trialResultSchema>;

const notRunSchema = z.object({ notRun: z.object({ sandbox: longText, reason: longText }) });
const outcomeSchema = z.union([notRunSchema, trialResultSchema]);
export type TrialOutcome = z.infer<typeof outcomeSchema>;

/** Code that nobody reviewed runs in a strong sandbox only. */
export const NO_CONTAINMENT = 'no containment on this machine';

const containmentSchema = z.object({
  driver: longText,
  strength: z.enum(['strong', 'weak']),
  detail: longText,
});
/** How this machine contains the code that a trial runs; `detail` is a sentence for the operator. */
export type Containment = z.infer<typeof containmentSchema>;

export interface Trial {
  /**
   * Installs a package into a throwaway host and runs its health check.
   *
   * @param keys armored public keys of the publisher
   * @throws CheckEnded when the runner ended before it had a verdict, or not in time; Error when there is no runner
   */
  run(input: { packagePath: string; keys: readonly string[]; signal: AbortSignal }): Promise<TrialOutcome>;
  /**
   * Tries the sandbox out. Weak when there is no runner, or none that answers. After a strong result, trials use
   * that sandbox without trying it out again; where it no longer starts, they end without a verdict.
   */
  detect(): Promise<Containment>;
}

export interface TrialOptions {
  /** The runner's program; without one every trial is silent, because absence is never a pass. */
  program: string | undefined;
  /** Where throwaway hosts live, each in a folder of its own. */
  dir: string;
  deadlineMs: number;
  /** Where bubblewrap is, when it is not on the PATH. */
  bubblewrap?: string | undefined;
}

/** Trials in a child process, so that a plugin's misbehaviour ends with it. */
export function createTrial({ program, dir, deadlineMs, bubblewrap }: TrialOptions): Trial {
  const programs = pickPrograms(process.env.PATH, bubblewrap);
  let isProven = false;
  return {
    run: async ({ packagePath, keys, signal }) => {
      if (!program) throw new Error('No runner for trial installations is configured.');
      await mkdir(dir, { recursive: true });
      const home = await mkdtemp(path.join(dir, 'trial-'));
      try {
        const keysDir = await writeKeys(home, keys);
        const data = path.join(home, 'data');
        const args = [program, '--package', packagePath, '--keys', keysDir, '--data', data];
        if (isProven) args.push('--proven');
        const ended = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)]);
        return readLine(outcomeSchema, await runProcess(args, { home, programs, ended }));
      } finally {
        await rm(home, { recursive: true, force: true, maxRetries: 3 });
      }
    },
    async detect() {
      const containment = await detectContainment(program, dir, programs).catch(toNone);
      isProven = containment.strength === 'strong';
      return containment;
    },
  };
}

/** Of the runner itself, which reads a stranger's archive; the plugin's code has limits of its own. */
const BOUNDS: Bounds = { heapMib: 256, dataMib: 1024, cpuSeconds: 15 * 60 };
const DETECTION_MS = 30_000;

async function detectContainment(
  program: string | undefined,
  home: string,
  programs: NodeJS.ProcessEnv,
): Promise<Containment> {
  if (!program) throw new Error('No runner for trial installations is configured.');
  await mkdir(home, { recursive: true });
  const ended = AbortSignal.timeout(DETECTION_MS);
  const output = await runProcess([program, '--detect'], { home, programs, ended });
  return readLine(containmentSchema, output);
}

const toNone = (error: unknown): Containment => ({
  driver: 'none',
  strength: 'weak',
  detail: `Trial installations do not run: ${getErrorMessage(error)}`,
});

async function writeKeys(home: string, keys: readonly string[]): Promise<string> {
  const dir = path.join(home, 'keys');
  await mkdir(dir);
  await Promise.all(keys.map((armored, index) => writeFile(path.join(dir, `${index}.asc`), armored)));
  return dir;
}

/** The runner's result is one line; what else it prints does not matter. */
const OUTPUT_LIMIT = 256 * 1024;

/** The ways to programs; nothing else of this process's environment goes near a stranger's plugin. */
const pickPrograms = (PATH = '', bubblewrap?: string): NodeJS.ProcessEnv =>
  bubblewrap ? { PATH, SPILLWAY_BUBBLEWRAP: bubblewrap } : { PATH };

interface RunnerProcess {
  home: string;
  programs: NodeJS.ProcessEnv;
  ended: AbortSignal;
}

async function runProcess(args: string[], { home, programs, ended }: RunnerProcess): Promise<string> {
  const child = await spawnBounded({
    args,
    cwd: home,
    env: { ...programs, HOME: home, TMPDIR: home },
    stdio: ['ignore', 'pipe', 'ignore'],
    bounds: BOUNDS,
  });
  return new Promise((resolve, reject) => {
    // The whole group, so that what the plugin started ends with it.
    const endGroup = (): void => void (child.pid !== undefined && killGroup(child.pid));
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-OUTPUT_LIMIT);
    });
    if (ended.aborted) endGroup();
    ended.addEventListener('abort', endGroup, { once: true });
    child.once('error', reject);
    child.once('close', (_code, signal) => {
      ended.removeEventListener('abort', endGroup);
      endGroup();
      if (ended.aborted) reject(new CheckEnded('time'));
      else if (signal) reject(isStop(signal) ? new Error(`Ended by ${signal}.`) : new CheckEnded('crash'));
      else resolve(output);
    });
  });
}

/** @throws Error when the runner said nothing that can be read */
function readLine<T>(schema: z.ZodType<T>, output: string): T {
  const line = output.trim().split('\n').at(-1) ?? '';
  try {
    return schema.parse(JSON.parse(line));
  } catch (error) {
    throw new Error('The trial installation ended without a result.', { cause: error });
  }
}
