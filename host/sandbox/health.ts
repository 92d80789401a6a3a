import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessIdentity } from '../../platform/processes/identity';
import type { LimitName, Limits, Sandbox, SandboxOutcome } from './sandbox';

/** A health check to run. Paths are absolute but `script` and `entry`, which are relative to `folder`. */
export interface HealthRun {
  folder: string;
  data: string;
  version: string;
  entry: string;
  script: string;
  timeoutMs: number;
  onStart?: (leader: ProcessIdentity) => Promise<void>;
}

export interface HealthResult {
  healthy: boolean;
  /** How the script ended, as a sentence. */
  reason: string;
  /** The end of what it printed. */
  output: string;
}

const MIB = 1024 * 1024;
const HEAP_MIB = 512;

/** What any health check may use; its time is its own, and one core for all of it. */
const limitsWithin = (timeoutMs: number): Limits => ({
  wallMs: timeoutMs,
  cpuSeconds: Math.ceil(timeoutMs / 1000),
  memoryBytes: 768 * MIB,
  processes: 64,
  descriptors: 512,
  diskBytes: 256 * MIB,
  diskFiles: 10_000,
  outputBytes: 16 * MIB,
});

/** Node's permission model left the experimental stage with 23.5. */
function permissionFlag(version: string): string {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 23 || (major === 23 && minor >= 5) ? '--permission' : '--experimental-permission';
}

/**
 * Under every driver, so that what passes a trial passes on every host: reading the plugin's folder,
 * reading and writing its data, and nothing else: no child, no thread, no add-on.
 * A pattern covers its folder as well; naming both forms of one folder ends Node 20 by an assertion.
 */
export const permissionOptions = (folder: string, data: string): string[] => [
  permissionFlag(process.versions.node),
  `--allow-fs-read=${folder}/*`,
  `--allow-fs-read=${data}/*`,
  `--allow-fs-write=${data}/*`,
  '--no-warnings',
  `--max-old-space-size=${HEAP_MIB}`,
];

/** @throws SandboxFailure when the check could not be run, which says nothing about the plugin */
export type RunHealth = (run: HealthRun) => Promise<HealthResult>;

/**
 * Runs plugins' health checks in the sandbox: an empty environment but for what the plugin must know,
 * bounded in all that they use.
 *
 * @param isKept false where the data are thrown away afterwards, as in a trial
 */
export const createHealthRunner =
  (sandbox: Sandbox, { isKept }: { isKept: boolean }): RunHealth =>
  (run) =>
    runHealth(sandbox, run, isKept);

async function runHealth(sandbox: Sandbox, run: HealthRun, isKept: boolean): Promise<HealthResult> {
  const [folder, data] = await Promise.all([realpath(run.folder), realpath(run.data)]);
  const outcome = await sandbox.run({
    folder,
    script: run.script,
    nodeOptions: permissionOptions(folder, data),
    data: { folder: data, isKept },
    environment: {
      PX_PLUGIN_ENTRY: path.join(folder, run.entry),
      PX_PLUGIN_DATA: data,
      PX_PLUGIN_VERSION: run.version,
    },
    limits: limitsWithin(run.timeoutMs),
    onStart: run.onStart,
  });
  const healthy = outcome.code === 0 && outcome.endedBy === null;
  return { healthy, reason: describeEnd(outcome, run.timeoutMs), output: outcome.output };
}

const exceeded: Record<Exclude<LimitName, 'time'>, string> = {
  cpu: 'processor time',
  memory: 'memory',
  processes: 'threads',
  disk: 'disk space',
  output: 'output',
};

function describeEnd({ code, signal, endedBy }: SandboxOutcome, timeoutMs: number): string {
  if (endedBy === 'time') return `The health script did not end within ${timeoutMs / 1000} s.`;
  if (endedBy) return `The health script was ended because it used too much ${exceeded[endedBy]}.`;
  if (code === null) return `The health script was ended by ${signal}.`;
  return `The health script ended with status ${code}.`;
}
