import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess } from '../../../../platform/processes/identity';
import type { Probe } from '../probe';

const got =
  (name: string) =>
  (traces: { signals: ReadonlySet<string> }): string | undefined =>
    traces.signals.has(name) ? `the host got ${name}` : undefined;

/** Signals, tracing and the inspector. */
export const signalProbes: readonly Probe[] = [
  {
    title: 'asks its parent by SIGUSR1 to open its inspector',
    expected: 'nothing',
    attempt: `process.kill(process.ppid, 'SIGUSR1'); await sleep(100)`,
    look: got('SIGUSR1'),
  },
  {
    title: 'signals the host',
    expected: 'ESRCH',
    attempt: `process.kill(around.host, 'SIGUSR2'); await sleep(100)`,
    look: got('SIGUSR2'),
  },
  {
    title: 'ends a process of the same user',
    expected: 'ESRCH',
    attempt: `process.kill(around.bystander, 'SIGTERM'); await sleep(100)`,
    look: ({ around }) => (identifyProcess(around.bystander) ? undefined : 'it ended'),
  },
  {
    title: 'could signal every process',
    expected: 'ESRCH',
    attempt: `process.kill(-1, 0); return 'it could'`,
  },
  {
    title: 'could signal the group of the host',
    expected: 'ESRCH',
    attempt: `process.kill(-around.group, 0); return 'it could'`,
  },
  {
    title: 'slows down another process',
    expected: 'refused',
    attempt: `os.setPriority(around.bystander, 10)`,
    look: ({ around }) => (os.getPriority(around.bystander) === 10 ? 'it is slower' : undefined),
  },
  {
    title: 'reads the limits of another process',
    expected: 'ESRCH',
    attempt: `return 'read ' + call('prlimit64', around.bystander, 7, 0, Buffer.alloc(16))`,
  },
  {
    title: 'ties another process to a core',
    expected: 'ESRCH',
    attempt: `const core = Buffer.alloc(8); core[0] = 1; return 'tied ' + call('sched_setaffinity', around.bystander, 8, core)`,
  },
  {
    title: 'traces another process',
    expected: 'EPERM',
    attempt: `return 'traced ' + call('ptrace', 0x4206, around.bystander, 0, 0)`,
  },
  {
    title: 'compares itself with another process',
    expected: 'EPERM',
    attempt: `return 'answer ' + call('kcmp', process.pid, around.bystander, 1, 0, 0)`,
  },
  {
    title: 'takes hold of another process',
    expected: 'EPERM',
    attempt: `return 'descriptor ' + call('pidfd_open', around.bystander, 0)`,
  },
  {
    title: 'opens the inspector of another program and asks it',
    expected: 'ESRCH',
    attempt: `process.kill(around.victim, 'SIGUSR1'); for (let i = 0; i < 20; i++) { await sleep(100); if (await connect({ port: around.victimPort, host: '127.0.0.1' }).catch(() => undefined)) return 'its inspector listens' }`,
  },
];

/** Programs and threads of its own. */
export const programProbes: readonly Probe[] = [
  {
    title: 'starts a shell',
    expected: 'EPERM',
    attempt: `return String(cp.execFileSync('/bin/sh', ['-c', 'echo a shell runs'])).trim()`,
  },
  {
    title: 'starts Node',
    expected: 'EPERM',
    attempt: `const { error, stdout } = cp.spawnSync(process.execPath, ['-v']); if (error) throw error; return String(stdout).trim()`,
  },
  {
    title: 'forks without end',
    expected: 'EPERM',
    attempt: `return check(native().forkMany(200, 0)) + ' processes'`,
  },
  {
    title: 'starts 500 threads',
    expected: 'EAGAIN, ended',
    attempt: `const count = native().threads(500); await sleep(1000); return count < 100 ? undefined : count + ' threads'`,
  },
  { title: 'becomes a shell', expected: 'ENOENT', attempt: `check(native().execute())` },
  {
    title: 'leaves a process behind',
    expected: 'EPERM',
    attempt: `cp.spawn(process.execPath, ['-e', 'setTimeout(() => require("fs").writeFileSync(process.argv[1], ""), 500)', data + '/survived'], { detached: true, stdio: 'ignore' }).unref(); await sleep(50)`,
    look: async ({ data }) => {
      await sleep(1200);
      return existsSync(path.join(data, 'survived')) ? 'it lived on' : undefined;
    },
  },
  {
    title: 'makes a user namespace',
    expected: 'EPERM',
    attempt: `return check(native().forkMany(1, 0x10000000)) + ' process in one'`,
  },
];
