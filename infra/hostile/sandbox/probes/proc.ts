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
