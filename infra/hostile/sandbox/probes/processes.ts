import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifyProcess } from '../../../../platform/processes/identity';
import type { Probe } from '../probe';

/** What /proc and the process itself tell. */
export const procProbes: readonly Probe[] = [
  {
    title: 'reads the environment of its parent',
    expected: 'nothing',
    attempt: `return secretIn(fs.readFileSync('/proc/' + process.ppid + '/environ'))`,
  },
  {
    title: 'reads the environment of the host',
    expected: 'ENOENT',
    attempt: `return secretIn(fs.readFileSync('/proc/' + around.host + '/environ'))`,
  },
  {
    title: 'sees processes of the machine',
    expected: 'nothing',
    attempt: `return fs.readdirSync('/proc').includes(String(around.bystander)) ? 'process ' + around.bystander : undefined`,
  },
  {
    title: 'reads the command line of the host',
    expected: 'ENOENT',
    attempt: `return fs.readFileSync('/proc/' + around.host + '/cmdline', 'utf8') === around.commandLine ? 'its command line' : undefined`,
  },
  {
    title: 'lists the descriptors of the host',
    expected: 'ENOENT',
    attempt: `return fs.readdirSync('/proc/' + around.host + '/fd').length + ' descriptors'`,
  },
  {
    title: 'opens the memory of the host',
    expected: 'ENOENT',
    attempt: `fs.openSync('/proc/' + around.host + '/mem', 'r'); return 'opened'`,
  },
  {
    title: 'reads the memory map of the host',
    expected: 'ENOENT',
    attempt: `return fs.readFileSync('/proc/' + around.host + '/maps').length + ' bytes'`,
  },
  {
    title: 'reads the sockets of the machine',
    expected: 'nothing',
    attempt: `const port = around.tcp.toString(16).toUpperCase().padStart(4, '0'); return fs.readFileSync('/proc/net/tcp', 'utf8').includes(':' + port + ' ') ? 'port ' + around.tcp : undefined`,
  },
  {
    title: 'reads the network devices of the machine',
    expected: 'nothing',
    attempt: `return (fs.readFileSync('/proc/net/dev', 'utf8').match(/^ *\\S+:/gm) ?? []).map((name) => name.trim()).find((name) => name !== 'lo:')`,
  },
  {
    title: 'reads the mounts of the machine',
    expected: 'nothing',
    attempt: `return /^\\S+ \\/ (?!tmpfs)\\S+/m.exec(fs.readFileSync('/proc/mounts', 'utf8'))?.[0]`,
  },
  {
    title: 'reads what identifies the machine',
    expected: 'ENOENT',
    attempt: `return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()`,
  },
  {
    title: 'reads the command line of the kernel',
    expected: 'nothing',
    attempt: `return fs.readFileSync('/proc/cmdline', 'utf8') ? 'read' : undefined`,
  },
  {
    title: 'reads the symbols of the kernel',
    expected: 'nothing',
    attempt: `return fs.readFileSync('/proc/kallsyms', 'utf8') ? 'read' : undefined`,
  },
  {
    title: 'lists the devices of the kernel',
    expected: 'ENOENT',
    attempt: `return String(fs.readdirSync('/sys/class'))`,
  },
  {
    title: 'lists control groups',
    expected: 'ENOENT',
    attempt: `return String(fs.readdirSync('/sys/fs/cgroup'))`,
  },
  {
    title: 'sees devices beyond the harmless',
    expected: 'nothing',
    attempt: `return fs.readdirSync('/dev').find((name) => !['null', 'zero', 'full', 'random', 'urandom'].includes(name))`,
  },
  {
    title: 'knows the name of the machine',
    expected: 'nothing',
    attempt: `return os.hostname() === around.hostname ? around.hostname : undefined`,
  },
  {
    title: 'is the user of the host',
    expected: 'nothing',
    attempt: `return process.getuid() === around.uid ? 'user ' + around.uid : undefined`,
  },
  {
    title: 'could be given capabilities',
    expected: 'nothing',
    attempt: `return /^CapBnd:\\s*0*[1-9a-f][0-9a-f]*$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0]`,
  },
  {
    title: 'may gain privileges',
    expected: 'nothing',
    attempt: `return /^NoNewPrivs:\\s*0$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0]`,
  },
  {
    title: 'makes system calls without a filter',
    expected: 'nothing',
    attempt: `return /^Seccomp:\\s*0$/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))?.[0]`,
  },
];

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

/** The kernel beyond what programs need. */
export const kernelProbes: readonly Probe[] = [
  ['mounts a file system', `'mount', 0, text('/'), text('none'), 0, 0`],
  ['builds a file system', `'fsopen', text('tmpfs'), 0`],
  ['copies a tree of mounts', `'open_tree', -100, text('/'), 0`],
  ['changes its root', `'chroot', text('/')`],
  ['enters a namespace', `'setns', -1, 0`],
  ['loads a program into the kernel', `'bpf', 0, Buffer.alloc(8), 0`],
  ['loads a module into the kernel', `'init_module', 0, 0, 0`],
  ['counts events of the machine', `'perf_event_open', 0, 0, -1, -1, 0`],
  ['handles page faults', `'userfaultfd', 1`],
  ['keeps a key in the kernel', `'add_key', text('user'), text('probe'), Buffer.from('x'), 1, -3`],
  ['reads a ring of keys', `'keyctl', 0, -3, 1`],
  ['makes calls past the filter', `'io_uring_setup', 1, Buffer.alloc(120)`],
  ['makes a file without a name in memory', `'memfd_create', text('probe'), 0`],
  ['shares memory with other programs', `'shmget', 0, 0, 0`],
  ['opens a queue of messages', `'mq_open', text('probe'), 0, 0, 0`],
  ['changes how programs are loaded', `'personality', 0xffffffff`],
  ['starts a process the new way', `'clone3', 0, 0`],
  ['executes a descriptor', `'execveat', -1, text(''), 0, 0, 0x1000`],
  ['reads the log of the kernel', `'syslog', 10, 0, 0`],
  ['types into a terminal', `'ioctl', 0, 0x5412, text('x')`],
].map(([title, args]) => ({ title: title!, expected: 'EPERM, ENOSYS', attempt: `return reaches(${args})` }));
