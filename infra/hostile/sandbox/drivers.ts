import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { detectSandbox } from '../../../host/sandbox/detect';
import { permissionOptions } from '../../../host/sandbox/health';
import { nodePermissionSandbox } from '../../../host/sandbox/nodePermission';
import type { Limits, SandboxOutcome, SandboxRun } from '../../../host/sandbox/sandbox';
import { supervise } from '../../../host/sandbox/supervise';
import type { Surroundings } from './probe';

export type RunProbe = (run: SandboxRun, around: Surroundings) => Promise<SandboxOutcome>;

/**
 * The drivers by name. Under `namespaces` a probe has Node without its permission model, so that it is the
 * sandbox alone which holds; `none` is a child process such as anybody would start.
 *
 * @throws Error when this machine does not have the driver
 */
export async function openDriver(name: string): Promise<RunProbe> {
  if (name === 'none') return runUncontained;
  if (name === 'node-permission') return runPermitted;
  if (name !== 'namespaces')
    throw new Error(`There is no driver "${name}": namespaces, node-permission, none.`);
  const { sandbox, whyWeak } = await detectSandbox(process.env);
  if (whyWeak !== undefined) throw new Error(`This machine has no driver "namespaces": ${whyWeak}`);
  return (run) => sandbox.run(run);
}

const runPermitted: RunProbe = (run) =>
  nodePermissionSandbox.run({ ...run, nodeOptions: permissionOptions(run.folder, run.data.folder) });

/** A probe that nothing ends is given up after that time. */
const PATIENCE_MS = 5000;
const unlimited: Limits = {
  wallMs: PATIENCE_MS,
  cpuSeconds: Infinity,
  memoryBytes: Infinity,
  processes: Infinity,
  descriptors: Infinity,
  diskBytes: Infinity,
  diskFiles: Infinity,
  outputBytes: Infinity,
};

const runUncontained: RunProbe = async (run, around) => {
  // A host that opens files carelessly hands them to its children.
  const secret = openSync(around.secretFile, 'r');
  const child = spawn(process.execPath, [path.join(run.folder, run.script)], {
    cwd: run.folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', secret],
    env: { ...process.env, ...run.environment },
  });
  closeSync(secret);
  const supervised = {
    child,
    run: { ...run, limits: unlimited },
    program: async () => undefined,
    measured: undefined,
  };
  const outcome = await supervise(supervised);
  return outcome.endedBy === 'time' ? { ...outcome, endedBy: null, output: 'OPEN still running' } : outcome;
};
