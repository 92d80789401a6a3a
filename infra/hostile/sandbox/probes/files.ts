import { existsSync, lstatSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Probe, Traces } from '../probe';

const exists = (file: string): string | undefined =>
  existsSync(file) ? `left ${path.basename(file)}` : undefined;
const hasMode = (file: string, bits: number): string | undefined =>
  existsSync(file) && (lstatSync(file).mode & bits) !== 0 ? 'the bit is set' : undefined;
const isPipe = (file: string): string | undefined =>
  existsSync(file) && lstatSync(file).isFIFO() ? 'left a pipe' : undefined;
const leaves = (title: string, where: (around: Traces['around']) => string, js: string): Probe => ({
  title,
  expected: 'EROFS, ENOENT',
  attempt: `fs.writeFileSync(${js}, 'left')`,
  look: ({ around }) => exists(where(around)),
});

/** Files of the machine, of the host and of the plugin itself. */
export const fileProbes: readonly Probe[] = [
  {
    title: 'reads a file of the host',
    expected: 'ENOENT',
    attempt: `return secretIn(fs.readFileSync(around.secretFile))`,
  },
  {
    title: 'reads the accounts of the machine',
    expected: 'nothing',
    attempt: `return /^root:/m.test(fs.readFileSync('/etc/passwd', 'utf8')) ? 'root' : undefined`,
  },
  {
    title: 'lists the root of the machine',
    expected: 'nothing',
    attempt: `return fs.readdirSync('/').find((name) => ['home', 'root', 'var', 'sys'].includes(name))`,
  },
  {
    title: 'lists home folders',
    expected: 'ENOENT',
    attempt: `return String(fs.readdirSync('/home').length)`,
  },
  {
    title: 'reads the host’s program',
    expected: 'ENOENT',
    attempt: `return fs.readFileSync(around.program).length + ' bytes'`,
  },
  {
    title: 'reads another plugin',
    expected: 'ENOENT',
    attempt: `return secretIn(fs.readFileSync(around.sibling + '/code'))`,
  },
  {
    title: 'finds other plugins',
    expected: 'nothing',
    attempt: `return fs.readdirSync(dirname(around.sibling)).find((name) => around.sibling.endsWith(name))`,
  },
  {
    title: 'lists installed programs',
    expected: 'nothing',
    attempt: `return fs.readdirSync('/usr/bin').find((name) => !['node', 'prlimit'].includes(name))`,
  },
  {
    title: 'adds to its own code',
    expected: 'EROFS',
    attempt: `fs.writeFileSync(plugin + '/new', ''); return 'added'`,
  },
  {
    title: 'changes its own script',
    expected: 'EROFS',
    attempt: `fs.appendFileSync(__filename, ' '); return 'changed'`,
  },
  {
    title: 'removes its own script',
    expected: 'EROFS',
    attempt: `fs.unlinkSync(__filename); return 'removed'`,
  },
  {
    title: 'renames its own script',
    expected: 'EROFS',
    attempt: `fs.renameSync(__filename, plugin + '/other.cjs'); return 'renamed'`,
  },
  {
    title: 'changes the mode of its own script',
    expected: 'EROFS',
    attempt: `fs.chmodSync(__filename, 0o777); return 'changed'`,
  },
  {
    title: 'changes the times of its own script',
    expected: 'EROFS',
    attempt: `fs.utimesSync(__filename, 1, 1); return 'changed'`,
  },
  {
    title: 'makes a folder in its own code',
    expected: 'EROFS',
    attempt: `fs.mkdirSync(plugin + '/folder'); return 'made'`,
  },
  leaves(
    'writes into another plugin',
    ({ sibling, mark }) => path.join(sibling, mark),
    `around.sibling + '/' + around.mark`,
  ),
  leaves(
    'writes beside its folder',
    ({ outside, mark }) => path.join(outside, mark),
    `around.outside + '/' + around.mark`,
  ),
  leaves('writes into /tmp', ({ mark }) => path.join('/tmp', mark), `'/tmp/' + around.mark`),
  leaves('writes into /var/tmp', ({ mark }) => path.join('/var/tmp', mark), `'/var/tmp/' + around.mark`),
  leaves('writes into shared memory', ({ mark }) => path.join('/dev/shm', mark), `'/dev/shm/' + around.mark`),
];

/** Links and special files, by which a file elsewhere is reached, or something is left for whoever comes after. */
export const linkProbes: readonly Probe[] = [
  {
    title: 'follows a link in its data to a file of the host',
    expected: 'ENOENT',
    attempt: `fs.symlinkSync(around.secretFile, data + '/link'); return secretIn(fs.readFileSync(data + '/link'))`,
  },
  {
    title: 'writes through a link in its data',
    expected: 'ENOENT',
    attempt: `fs.symlinkSync(around.outside + '/written', data + '/link'); fs.writeFileSync(data + '/link', 'by probe')`,
    look: ({ around }) =>
      readFileSync(path.join(around.outside, 'written'), 'utf8') === 'by probe' ? 'written' : undefined,
  },
  {
    title: 'makes a second name for a file of the host',
    expected: 'ENOENT',
    attempt: `fs.linkSync(around.secretFile, data + '/name'); return secretIn(fs.readFileSync(data + '/name'))`,
  },
  {
    title: 'goes through the root of the host’s process',
    expected: 'ENOENT',
    attempt: `return secretIn(fs.readFileSync('/proc/' + around.host + '/root' + around.secretFile))`,
  },
  {
    title: 'goes through the root of its parent',
    expected: 'ENOENT',
    attempt: `return secretIn(fs.readFileSync('/proc/' + process.ppid + '/root' + around.secretFile))`,
  },
  {
    title: 'goes through the folder of its parent',
    expected: 'nothing',
    attempt: `return fs.readdirSync('/proc/' + process.ppid + '/cwd').find((name) => name === 'secret')`,
  },
  {
    title: 'leaves a program with set-user-id',
    expected: 'EPERM',
    attempt: `fs.writeFileSync(data + '/program', ''); fs.chmodSync(data + '/program', 0o4755)`,
    look: ({ data }) => hasMode(path.join(data, 'program'), 0o4000),
  },
  {
    title: 'creates a program with set-group-id',
    expected: 'EPERM',
    attempt: `fs.closeSync(fs.openSync(data + '/program', 'w', 0o2755))`,
    look: ({ data }) => hasMode(path.join(data, 'program'), 0o2000),
  },
  {
    title: 'leaves a pipe on which its reader hangs',
    expected: 'EPERM',
    attempt: `call('mknodat', -100, text(data + '/pipe'), 0o10644, 0)`,
    look: ({ data }) => isPipe(path.join(data, 'pipe')),
  },
  {
    title: 'asks for the handle of a file',
    expected: 'EPERM',
    attempt: `const handle = Buffer.alloc(136); handle.writeUInt32LE(128); return reaches('name_to_handle_at', -100, text(plugin), handle, Buffer.alloc(8), 0)`,
  },
];
