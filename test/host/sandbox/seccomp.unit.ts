import { buildSeccompFilter } from '../../../host/sandbox/seccomp/filter';
import { allowedCalls, examinedCalls } from '../../../host/sandbox/seccomp/systemCalls';

const ALLOW = 0x7fff0000;
const END = 0x80000000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;
const EPROTONOSUPPORT = 0x0005005d;

/** What the kernel does with a classic BPF program, for the instructions that the filter uses. */
function runFilter(filter: Buffer, audit: number, call: number, args: readonly number[] = []): number {
  const data = [call, audit, 0, 0, ...Array.from({ length: 6 }, (_, index) => [args[index] ?? 0, 0]).flat()];
  let value = 0;
  for (let at = 0; ; at += 1) {
    const code = filter.readUInt16LE(at * 8);
    const operand = filter.readUInt32LE(at * 8 + 4);
    const jump = (isTrue: boolean): void => void (at += filter.readUInt8(at * 8 + (isTrue ? 2 : 3)));
    if (code === 0x20) value = data[operand / 4]! >>> 0;
    else if (code === 0x54) value = (value & operand) >>> 0;
    else if (code === 0x15) jump(value === operand);
    else if (code === 0x25) jump(value > operand);
    else if (code === 0x45) jump((value & operand) !== 0);
    else if (code === 0x06) return operand;
    else throw new Error(`unknown instruction ${code}`);
  }
}

const X64 = 0xc000003e;
const ARM64 = 0xc00000b7;
const onX64 = (call: number, ...args: number[]) => runFilter(buildSeccompFilter('x64')!, X64, call, args);

describe('the filter of system calls', () => {
  test.each([
    ['x64', X64, 0],
    ['arm64', ARM64, 1],
  ] as const)('allows on %s every call of the list, and refuses what is not on it', (name, audit, column) => {
    const filter = buildSeccompFilter(name)!;
    const named: number[] = [...Object.values(allowedCalls), ...Object.values(examinedCalls)].map(
      (each) => each[column],
    );
    for (const numbers of Object.values(allowedCalls)) {
      if (numbers[column] >= 0) expect(runFilter(filter, audit, numbers[column])).toBe(ALLOW);
    }
    for (let call = 0; call <= 434; call += 1) {
      if (!named.includes(call)) expect([call, runFilter(filter, audit, call)]).toEqual([call, EPERM]);
    }
  });

  test('ends a program that makes calls of another architecture', () => {
    expect(runFilter(buildSeccompFilter('x64')!, 0x40000003, 1)).toBe(END);
  });

  test('says of calls that it cannot judge that there are none, so that older ones are made', () => {
    expect([onX64(435), onX64(500), onX64(0x40000000)]).toEqual([ENOSYS, ENOSYS, ENOSYS]);
  });

  test('allows threads, and neither processes nor namespaces', () => {
    const [clone] = examinedCalls.clone;
    const thread = 0x3d0f00;
    expect(onX64(clone, thread)).toBe(ALLOW);
    expect([onX64(clone, 17), onX64(clone, 0x4111), onX64(clone, thread | 0x10000000)]).toEqual([
      EPERM,
      EPERM,
      EPERM,
    ]);
  });

  test('allows TCP, UDP and Unix sockets alone', () => {
    const [socket] = examinedCalls.socket;
    expect([onX64(socket, 1, 1, 0), onX64(socket, 2, 0x80001, 6), onX64(socket, 10, 2, 17)]).toEqual(
      Array(3).fill(ALLOW),
    );
    expect([onX64(socket, 16, 3, 0), onX64(socket, 17, 3, 3), onX64(socket, 38, 5, 0)]).toEqual(
      Array(3).fill(EAFNOSUPPORT),
    );
    expect([onX64(socket, 2, 3, 1), onX64(socket, 2, 1, 262)]).toEqual([EPERM, EPROTONOSUPPORT]);
    const [pair] = examinedCalls.socketpair;
    expect([onX64(pair, 1, 1, 0), onX64(pair, 16, 1, 0)]).toEqual([ALLOW, EAFNOSUPPORT]);
  });

  test('keeps files from acting for their owner, and memory from being shared out of the limits', () => {
    const [chmod] = examinedCalls.chmod;
    const [openat] = examinedCalls.openat;
    const [mmap] = examinedCalls.mmap;
    expect([onX64(chmod, 0, 0o755), onX64(chmod, 0, 0o4755), onX64(openat, 0, 0, 0x41, 0o2644)]).toEqual([
      ALLOW,
      EPERM,
      EPERM,
    ]);
    expect([onX64(mmap, 0, 0, 3, 0x22), onX64(mmap, 0, 0, 1, 0x01), onX64(mmap, 0, 0, 3, 0x21)]).toEqual([
      ALLOW,
      ALLOW,
      EPERM,
    ]);
  });

  test('puts nothing into the input of a terminal', () => {
    const [ioctl] = examinedCalls.ioctl;
    expect([onX64(ioctl, 0, 0x5401), onX64(ioctl, 0, 0x5412), onX64(ioctl, 0, 0x541c)]).toEqual([
      ALLOW,
      EPERM,
      EPERM,
    ]);
  });

  test('is not there for an architecture whose calls are not listed', () => {
    expect(buildSeccompFilter('riscv64')).toBeUndefined();
  });
});
