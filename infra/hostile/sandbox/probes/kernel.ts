import type { Probe } from '../probe';

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
