import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { getErrorMessage } from '../../core/errors/thrown';
import { which } from '../../platform/processes/which';
import type { Machine } from './namespaces/arguments';
import { listProgramFiles } from './namespaces/libraries';
import { namespacesSandbox } from './namespaces/namespaces';
import { nodePermissionSandbox } from './nodePermission';
import type { Limits, Sandbox } from './sandbox';
import { buildSeccompFilter } from './seccomp/filter';

export interface Detection {
  sandbox: Sandbox;
  /** Why there is no strong driver, as a sentence; undefined when there is one. */
  whyWeak?: string;
}

const MIB = 1024 * 1024;
const probeLimits: Limits = {
  wallMs: 20_000,
  cpuSeconds: 20,
  memoryBytes: 512 * MIB,
  processes: 64,
  descriptors: 128,
  diskBytes: MIB,
  diskFiles: 100,
  outputBytes: MIB,
};

/** Ends with status 0 only where all of it is as it must be; what is not is printed. */
const PROBE = `
const fs = require('node:fs');
const fails = (what) => { try { what(); return false } catch { return true } };
const status = fs.readFileSync('/proc/self/status', 'utf8');
const checks = {
  'a filter of system calls': /^Seccomp:\\s*2$/m.test(status),
  'no new privileges': /^NoNewPrivs:\\s*1$/m.test(status),
  'no capabilities': /^CapEff:\\s*0+$/m.test(status),
  'processes of its own': process.ppid === 1,
  'a network of its own': (fs.readFileSync('/proc/net/dev', 'utf8').match(/^ *\\S+:/gm) ?? []).join().trim() === 'lo:',
  'files outside hidden': fails(() => fs.readFileSync(process.env.CANARY)),
  'its code read-only': fails(() => fs.writeFileSync(__dirname + '/new', '')),
  'its data writable': !fails(() => fs.writeFileSync(process.env.DATA + '/new', '')),
  'no further process': Boolean(require('node:child_process').spawnSync(process.execPath, ['-v']).error),
};
const missing = Object.keys(checks).filter((name) => !checks[name]);
if (missing.length > 0) { console.log('missing: ' + missing.join(', ')); process.exit(1) }
`;

/**
 * The best driver of this machine, found by running a program under it and seeing what it could reach.
 *
 * @param environment where programs are looked for: by PATH, or SPILLWAY_BUBBLEWRAP for bubblewrap
 * @param isProven whether the probe has passed already, in an earlier process of whoever asks; it is not run then
 */
export async function detectSandbox(environment: NodeJS.ProcessEnv, isProven = false): Promise<Detection> {
  try {
    const sandbox = namespacesSandbox(await findMachine(environment));
    if (!isProven) await tryOut(sandbox);
    return { sandbox };
  } catch (error) {
    return { sandbox: nodePermissionSandbox, whyWeak: getErrorMessage(error).split('\n')[0] ?? '' };
  }
}

/** @throws Error naming what the driver needs and this machine lacks */
async function findMachine(environment: NodeJS.ProcessEnv): Promise<Machine> {
  if (process.platform !== 'linux') throw new Error(`Namespaces are Linux's; this is ${process.platform}.`);
  const seccompFilter = buildSeccompFilter(process.arch);
  if (!seccompFilter) throw new Error(`There is no list of system calls for ${process.arch}.`);
  const [bwrap, prlimit] = await Promise.all([
    environment.SPILLWAY_BUBBLEWRAP || find('bwrap', environment),
    find('prlimit', environment),
  ]);
  const node = await realpath(process.execPath);
  return { bwrap, prlimit, node, seccompFilter, programFiles: await listProgramFiles([node, prlimit]) };
}

async function find(name: string, environment: NodeJS.ProcessEnv): Promise<string> {
  const found = await which([name], environment);
  if (!found) throw new Error(`The program ${name} is not on the PATH.`);
  return await realpath(found);
}

/** @throws Error saying what the sandbox does not hold */
async function tryOut(sandbox: Sandbox): Promise<void> {
  const works = await realpath(await mkdtemp(path.join(os.tmpdir(), 'spillway-sandbox-')));
  try {
    const [folder, data, canary] = ['plugin', 'data', 'canary'].map((name) => path.join(works, name)) as [
      string,
      string,
      string,
    ];
    await Promise.all([mkdir(folder), mkdir(data), writeFile(canary, 'canary')]);
    await writeFile(path.join(folder, 'probe.cjs'), PROBE);
    const { code, output } = await sandbox.run({
      folder,
      script: 'probe.cjs',
      data: { folder: data, isKept: true },
      environment: { CANARY: canary, DATA: data },
      limits: probeLimits,
    });
    if (code !== 0) throw new Error(`The sandbox was tried out and does not hold (${output.slice(-300)}).`);
  } finally {
    await rm(works, { recursive: true, force: true });
  }
}
