import { spawn, type ChildProcess } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { killGroup } from '../../platform/processes/killGroup';
import { identifyProcess, type ProcessIdentity } from '../../platform/processes/identity';

/** A health check to run. Paths are absolute but `script` and `entry`, which are relative to `folder`. */
export interface HealthRun {
  folder: string;
  data: string;
  version: string;
  entry: string;
  script: string;
  timeoutMs: number;
  /** Stays in the caller's process group, for a caller that is itself ended by its group. */
  inGroup?: boolean;
  onStart?: (child: ProcessIdentity) => Promise<void>;
}

export interface HealthResult {
  healthy: boolean;
  /** How the script ended, as a sentence. */
  reason: string;
  /** The end of what it printed. */
  output: string;
}

const MAX_OUTPUT = 4000;
/** How long output may trail behind the end of the process. */
const DRAIN_MS = 500;

// A host that is killed takes its check along: the pipe on the child's standard input closes.
const GUARD =
  'process.stdin.on("end",()=>process.exit(70)).on("error",()=>process.exit(70)).resume();process.stdin.unref()';

/** Node's permission model left the experimental stage with 23.5. */
function permissionFlag(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 5) ? '--permission' : '--experimental-permission';
}

/**
 * Reading the plugin's folder, reading and writing its data, and nothing else: no child, no add-on.
 * A pattern covers its folder as well; naming both forms of one folder ends Node 20 by an assertion.
 */
const argumentsFor = ({ folder, data, script }: HealthRun): string[] => [
  permissionFlag(process.versions.node),
  `--allow-fs-read=${folder}/*`,
  `--allow-fs-read=${data}/*`,
  `--allow-fs-write=${data}/*`,
  '--no-warnings',
  '--max-old-space-size=512',
  '--import',
  `data:text/javascript,${encodeURIComponent(GUARD)}`,
  path.join(folder, script),
];

/**
 * Runs a plugin's health check in a child process: Node's permission model, an empty environment but
 * for what the plugin must know, a process group of its own that ends with it, bounded output and time.
 */
export async function runHealth(asked: HealthRun): Promise<HealthResult> {
  // The permission model compares real paths.
  const run = { ...asked, folder: await realpath(asked.folder), data: await realpath(asked.data) };
  const child = spawn(process.execPath, argumentsFor(run), {
    cwd: run.folder,
    detached: run.inGroup !== true,
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PX_PLUGIN_ENTRY: path.join(run.folder, run.entry),
      PX_PLUGIN_DATA: run.data,
      PX_PLUGIN_VERSION: run.version,
    },
  });
  const output = collectOutput(child);
  const ended = waitForEnd(child, run);
  await announce(child, run);
  const { healthy, reason } = await ended;
  return { healthy, reason, output: output() };
}

async function announce({ pid }: ChildProcess, { onStart }: HealthRun): Promise<void> {
  if (pid === undefined) return;
  const identity = identifyProcess(pid);
  if (identity) await onStart?.(identity);
}

/** Keeps the last characters, where scripts say why they failed. */
function collectOutput(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (piece: string) => {
      text = (text + piece).slice(-MAX_OUTPUT);
    });
  }
  // Control characters would garble logs and reports.
  return () => text.replace(/[^\P{Cc}\n\t]/gu, '').trim();
}

/** Ends the child with all that it started; within the caller's group it can have started nothing. */
function end(child: ChildProcess, { inGroup }: HealthRun): void {
  if (inGroup) child.kill('SIGKILL');
  else if (child.pid !== undefined) killGroup(child.pid);
}

function waitForEnd(child: ChildProcess, run: HealthRun): Promise<Omit<HealthResult, 'output'>> {
  const { timeoutMs } = run;
  return new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      end(child, run);
    }, timeoutMs);
    // `exit`, not `close` alone: a grandchild that holds the pipes must not keep the host waiting.
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      end(child, run);
      const result = { healthy: code === 0 && !late, reason: describeEnd({ late, code, signal, timeoutMs }) };
      const drainTimer = setTimeout(() => resolve(result), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(drainTimer);
        resolve(result);
      });
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ healthy: false, reason: `The health script could not be started (${error.message}).` });
    });
    child.stdin?.on('error', () => undefined);
  });
}

function describeEnd(end: {
  late: boolean;
  code: number | null;
  signal: string | null;
  timeoutMs: number;
}): string {
  if (end.late) return `The health script did not end within ${end.timeoutMs / 1000} s.`;
  if (end.code === null) return `The health script was ended by ${end.signal}.`;
  return `The health script ended with status ${end.code}.`;
}
