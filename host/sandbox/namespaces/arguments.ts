import path from 'node:path';
import type { Limits, SandboxRun } from '../sandbox';

/** What the driver needs of the machine: programs by absolute path, and files that must be visible. */
export interface Machine {
  bwrap: string;
  prlimit: string;
  node: string;
  /** Node, prlimit and their libraries. */
  programFiles: readonly string[];
  seccompFilter: Buffer;
}

/** Descriptors that bubblewrap finds open, by their place in `stdio`. */
export const SECCOMP_FD = 3;
export const STATUS_FD = 4;

/** Files that programs ask for by name, in place of the machine's own, each by the descriptor that it is read from. */
export const smallFiles: readonly (readonly [descriptor: number, text: string, name: string])[] = [
  [5, '127.0.0.1 localhost\n::1 localhost\n', '/etc/hosts'],
  [6, 'plugin:x:10001:10001::/:/\n', '/etc/passwd'],
];

/** Nobody on any machine. */
const USER = '10001';
const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'].map((name) => `/dev/${name}`);
/** Facts about the machine and its network that no program needs. */
const HIDDEN_FOLDERS = [
  '/proc/sys',
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/driver',
  '/proc/tty',
  '/proc/acpi',
];
const HIDDEN_FILES = [
  'kcore',
  'keys',
  'key-users',
  'kmsg',
  'timer_list',
  'sysrq-trigger',
  'config.gz',
  'modules',
  'kallsyms',
  'version',
  'cmdline',
].map((name) => `/proc/${name}`);

const isolation = [
  ...['--unshare-user', '--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts'],
  '--unshare-cgroup-try',
  ...['--uid', USER, '--gid', USER, '--hostname', 'plugin-sandbox'],
  ...['--cap-drop', 'ALL', '--new-session', '--die-with-parent', '--clearenv'],
];

const bind = (how: string, file: string): string[] => [how, file, file];

/**
 * The command line that runs a program in namespaces of its own. Its root is an empty file system in
 * memory, read-only, with Node and its libraries, the plugin's folder and its data at the paths that they have
 * outside. The limits of the process are set within, where only its own threads count.
 *
 * @param hidden those of `HIDDEN_FILES` and `HIDDEN_FOLDERS` that this machine has
 */
export function buildArguments(machine: Machine, run: SandboxRun, hidden: readonly string[]): string[] {
  const { folder, data, environment, limits } = run;
  return [
    ...isolation,
    ...Object.entries(environment).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--perms', '0555', '--dir', '/dev', ...DEVICES.flatMap((device) => bind('--dev-bind', device))],
    ...['--proc', '/proc', ...hidden.flatMap(hide)],
    ...machine.programFiles.flatMap((file) => bind('--ro-bind', file)),
    ...smallFiles.flatMap(([descriptor, , name]) => ['--perms', '0444', '--file', String(descriptor), name]),
    ...bind('--ro-bind', folder),
    ...dataArguments(data, limits),
    ...['--remount-ro', '/', '--chdir', folder],
    ...['--seccomp', String(SECCOMP_FD), '--json-status-fd', String(STATUS_FD)],
    ...['--', machine.prlimit, ...limitArguments(limits)],
    ...[machine.node, ...(run.nodeOptions ?? []), path.join(folder, run.script)],
  ];
}

const hide = (place: string): string[] =>
  HIDDEN_FOLDERS.includes(place)
    ? ['--perms', '0555', '--size', '4096', '--tmpfs', place, '--remount-ro', place]
    : ['--ro-bind', '/dev/null', place];

/** What there may be to hide. */
export const hidingPlaces: readonly string[] = [...HIDDEN_FOLDERS, ...HIDDEN_FILES];

/** Data that are thrown away lie in memory: the file system itself is as large as the limit. */
const dataArguments = ({ folder, isKept }: SandboxRun['data'], { diskBytes }: Limits): string[] =>
  isKept ? bind('--bind', folder) : ['--size', String(diskBytes), '--tmpfs', folder];

/** Never the size of the address space: Node reserves far more of it than it uses. */
const limitArguments = (limits: Limits): string[] => [
  '--core=0',
  `--cpu=${limits.cpuSeconds}:${limits.cpuSeconds + 1}`,
  `--data=${limits.memoryBytes}`,
  `--nproc=${limits.processes}`,
  `--nofile=${limits.descriptors}`,
  `--fsize=${limits.diskBytes}`,
  '--msgqueue=0',
  '--memlock=0',
  '--sigpending=256',
];
