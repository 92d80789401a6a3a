import type { ChildProcess } from 'node:child_process';
import { getErrorCode } from '../../core/errors/thrown';
import { identifyProcess } from '../../platform/processes/identity';
import { killGroup } from '../../platform/processes/killGroup';
import { collectOutput } from './output';
import { SandboxFailure, type LimitName, type SandboxOutcome, type SandboxRun } from './sandbox';
import { findExceeded, measureFolder, measureProcess, type FolderUsage } from './usage';

/** How long output may trail behind the end of the process. */
const DRAIN_MS = 500;
const MEASURE_EVERY_MS = 100;
/** Measuring may take a fifth of the time at most. */
const MEASURE_SHARE = 4;

export interface Supervised {
  /** The leader of a process group of its own, with standard output and error as pipes. */
  child: ChildProcess;
  run: SandboxRun;
  /** The process that runs the program, once it is known. */
  program: () => Promise<number | undefined>;
  /** Where the program's data are seen from outside, and what lay there before. */
  measured: MeasuredData | undefined;
}

export interface MeasuredData {
  locate: () => Promise<string | undefined>;
  before: FolderUsage;
}

/**
 * Waits for the end of a program, and ends it with all that it started when it exceeds a limit that
 * neither the kernel nor the driver enforces.
 *
 * @throws SandboxFailure when the program could not be started
 */
export async function supervise({ child, run, program, measured }: Supervised): Promise<SandboxOutcome> {
  let endedBy: LimitName | null = null;
  const end = (limit: LimitName): void => {
    endedBy ??= limit;
    if (child.pid !== undefined) killGroup(child.pid);
  };
  const output = collectOutput(child, run.limits.outputBytes, () => end('output'));
  const timer = setTimeout(() => end('time'), run.limits.wallMs);
  const ended = waitForEnd(child);
  const stopMeasuring = measureRepeatedly({ run, program, measured }, end);
  try {
    await announce(child, run);
    const { code, signal } = await ended;
    return { code, signal, endedBy, output: output.text() };
  } catch (error) {
    // Nobody waits for it any more.
    if (child.pid !== undefined) killGroup(child.pid);
    throw error;
  } finally {
    clearTimeout(timer);
    stopMeasuring();
  }
}

async function announce({ pid }: ChildProcess, { onStart }: SandboxRun): Promise<void> {
  const identity = pid === undefined ? undefined : identifyProcess(pid);
  if (identity) await onStart?.(identity);
}

function waitForEnd(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    // `exit`, not `close` alone: a process that it left behind and holds the pipes must not keep us waiting.
    child.once('exit', (code, signal) => {
      if (child.pid !== undefined) killGroup(child.pid);
      const drain = setTimeout(() => resolve({ code, signal }), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drain);
        resolve({ code, signal });
      });
    });
    child.once('error', (error) =>
      reject(
        new SandboxFailure(
          `The program could not be started (${getErrorCode(error) ?? error.message}).`,
          false,
        ),
      ),
    );
    child.stdin?.on('error', () => undefined);
  });
}

/** Looks at memory, threads and disk until it is stopped; what cannot be measured is no reason to end anything. */
function measureRepeatedly(
  { run, program, measured }: Omit<Supervised, 'child'>,
  end: (limit: LimitName) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;
  const look = async (): Promise<void> => {
    const started = performance.now();
    const exceeded = await findExcess(run, await program(), measured).catch(() => undefined);
    if (isStopped) return;
    if (exceeded) end(exceeded);
    const pause = Math.max(MEASURE_EVERY_MS, (performance.now() - started) * MEASURE_SHARE);
    timer = setTimeout(() => void look(), pause);
  };
  timer = setTimeout(() => void look(), MEASURE_EVERY_MS);
  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

async function findExcess(
  { limits }: SandboxRun,
  pid: number | undefined,
  measured: MeasuredData | undefined,
): Promise<LimitName | undefined> {
  const usage = pid === undefined ? undefined : await measureProcess(pid);
  return findExceeded(limits, usage, measured && (await measureGrowth(measured, limits)));
}

async function measureGrowth(
  { locate, before }: MeasuredData,
  { diskBytes, diskFiles }: SandboxRun['limits'],
): Promise<FolderUsage | undefined> {
  const folder = await locate();
  const enough = { bytes: before.bytes + diskBytes, files: before.files + diskFiles };
  const now = folder === undefined ? undefined : await measureFolder(folder, enough);
  return now && { bytes: now.bytes - before.bytes, files: now.files - before.files };
}
