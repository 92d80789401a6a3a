import type { Probe } from '../probe';

const MIB = 1024 * 1024;
/** Small, so that the probes are quick. */
const disk = { diskBytes: 20 * MIB, diskFiles: 1000 };
const manyFiles = `for (let i = 0; i < 600; i++) fs.writeFileSync(data + '/' + i, Buffer.alloc(1e6, 1)); return '600 MB'`;
const emptyFiles = `for (let i = 0; i < 60000; i++) fs.closeSync(fs.openSync(data + '/' + i, 'w')); return '60,000 files'`;

export const memoryProbes: readonly Probe[] = [
  {
    title: 'takes 944 MB in buffers',
    expected: 'refused, ended',
    attempt: `const all = []; while (all.length < 118) all.push(Buffer.alloc(8e6, 1)); return all.length * 8 + ' MB'`,
  },
  {
    title: 'takes 1 GB in objects',
    expected: 'ended by memory',
    attempt: `const all = []; while (all.length < 128) all.push(new Array(1e6).fill(0.5)); return 'about 1 GB'`,
  },
  {
    title: 'takes 1 GB in WebAssembly',
    expected: 'refused',
    attempt: `new Uint8Array(new WebAssembly.Memory({ initial: 16000 }).buffer).fill(1); return '1 GB'`,
  },
  {
    title: 'takes 1 GB in shared buffers',
    expected: 'refused',
    attempt: `new Uint8Array(new SharedArrayBuffer(1e9)).fill(1); return '1 GB'`,
  },
  {
    title: 'takes 1 GB from the system',
    expected: 'ENOMEM',
    attempt: `return check(native().memory(1000, 0)) + ' MB'`,
  },
  {
    title: 'takes 1 GB that no limit counts',
    expected: 'EPERM',
    attempt: `return check(native().memory(1000, 1)) + ' MB'`,
  },
];

export const diskProbes: readonly Probe[] = [
  {
    title: 'writes 600 MB into one file',
    expected: 'EFBIG',
    limits: disk,
    attempt: `const fd = fs.openSync(data + '/large', 'w'); for (let i = 0; i < 600; i++) fs.writeSync(fd, Buffer.alloc(1e6, 1)); return '600 MB'`,
  },
  { title: 'writes 600 MB into many files', expected: 'ended by disk', limits: disk, attempt: manyFiles },
  {
    title: 'writes 600 MB into data that are thrown away',
    expected: 'ENOSPC',
    limits: disk,
    attempt: manyFiles,
    isDataThrownAway: true,
  },
  { title: 'makes 60,000 empty files', expected: 'ended by disk', limits: disk, attempt: emptyFiles },
  {
    title: 'makes 60,000 empty files that are thrown away',
    expected: 'ended by disk',
    limits: disk,
    attempt: emptyFiles,
    isDataThrownAway: true,
  },
  {
    title: 'writes 600 MB into files without a name',
    expected: 'ended by disk',
    limits: disk,
    attempt: `for (let i = 0; i < 60; i++) { const fd = fs.openSync(data + '/' + i, 'w'); fs.unlinkSync(data + '/' + i); fs.writeSync(fd, Buffer.alloc(1e7, 1)) } return '600 MB'`,
  },
  {
    title: 'makes a file of a terabyte with nothing in it',
    expected: 'EFBIG',
    limits: disk,
    attempt: `fs.truncateSync(fs.openSync(data + '/sparse', 'w'), 1e12); return '1 TB'`,
  },
  {
    title: 'reserves 600 MB',
    expected: 'EFBIG',
    limits: disk,
    attempt: `call('fallocate', fs.openSync(data + '/reserved', 'w'), 0, 0, 600e6); return '600 MB'`,
  },
];

const time = { wallMs: 2000 };

export const timeProbes: readonly Probe[] = [
  { title: 'computes for ever', expected: 'ended by time', limits: time, attempt: `for (;;);` },
  {
    title: 'waits for ever',
    expected: 'ended by time',
    limits: time,
    attempt: `setInterval(() => {}, 1000); await new Promise(() => {})`,
  },
  {
    title: 'waits for ever without an event loop',
    expected: 'ended by time',
    limits: time,
    attempt: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`,
  },
  {
    title: 'refuses to end',
    expected: 'ended by time',
    limits: time,
    attempt: `for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGXCPU']) process.on(name, () => {}); for (;;) await sleep(10)`,
  },
  {
    title: 'uses more processor time than it may',
    expected: 'ended by cpu',
    limits: { wallMs: 8000, cpuSeconds: 1 },
    attempt: `for (;;);`,
  },
];

const output = { outputBytes: MIB };

export const outputProbes: readonly Probe[] = [
  {
    title: 'prints 50 MB',
    expected: 'ended by output',
    limits: output,
    attempt: `for (let i = 0; i < 50; i++) fs.writeSync(1, 'x'.repeat(1e6)); return '50 MB'`,
  },
  {
    title: 'prints 50 MB as errors',
    expected: 'ended by output',
    limits: output,
    attempt: `for (let i = 0; i < 50; i++) fs.writeSync(2, 'x'.repeat(1e6)); return '50 MB'`,
  },
];
