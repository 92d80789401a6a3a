import {
  answer,
  EAFNOSUPPORT,
  encodeProgram,
  ENOSYS,
  EPERM,
  EPROTONOSUPPORT,
  finish,
  keepBits,
  loadArchitecture,
  loadArgument,
  loadNumber,
  whenAbove,
  whenAnyBit,
  whenEqual,
  type Instruction,
} from './instructions';
import { allowedCalls, CLONE3, examinedCalls, NEWEST_CALL, type CallNumbers } from './systemCalls';

/** Architectures by Node's name: the column of the list of calls, and the kernel's number. */
const architectures: Readonly<Record<string, { column: 0 | 1; audit: number }>> = {
  x64: { column: 0, audit: 0xc000003e },
  arm64: { column: 1, audit: 0xc00000b7 },
};

const allow = finish(answer.allow);
const refuse = finish(answer.refuse(EPERM));

/** Refuses when any of the bits is set in an argument. */
const withoutBits = (argument: number, mask: number): Instruction[] => [
  loadArgument(argument),
  ...whenAnyBit(mask, [refuse]),
  allow,
];

/** Set-user-id and set-group-id: a file with them would outlive the sandbox and act for its owner. */
const SET_ID = 0o6000;
const CLONE_THREAD = 0x10000;
const NEW_NAMESPACES = 0x7e020080;
/** Shared and anonymous: memory that no limit of the process counts. */
const SHARED_ANONYMOUS = 0x21;
const MAP_FLAGS = 3;
/** Both put characters into the input of a terminal. */
const TERMINAL_REQUESTS = [0x5412, 0x541c];
const STREAM_OR_DATAGRAM = [1, 2];
/** The family's own, TCP and UDP: others load modules of the kernel. */
const PROTOCOLS = [0, 6, 17];
const FAMILIES = { unix: 1, inet: 2, inet6: 10 };

/** Goes on when the argument is one of these, and refuses otherwise. */
const oneOf = (argument: number, mask: number, values: readonly number[], errno: number): Instruction[] => [
  loadArgument(argument),
  keepBits(mask),
  ...values.map((value, index): Instruction => [0x15, values.length - index, 0, value]),
  finish(answer.refuse(errno)),
];

const ALL_BITS = 0xffffffff;
const socketRule: Instruction[] = [
  ...oneOf(0, ALL_BITS, Object.values(FAMILIES), EAFNOSUPPORT),
  ...oneOf(1, 0xf, STREAM_OR_DATAGRAM, EPERM),
  ...oneOf(2, ALL_BITS, PROTOCOLS, EPROTONOSUPPORT),
  allow,
];

/** What the arguments of a call must be. Threads are allowed, processes are not. */
const rules: Readonly<Record<keyof typeof examinedCalls, readonly Instruction[]>> = {
  clone: [
    loadArgument(0),
    ...whenAnyBit(NEW_NAMESPACES, [refuse]),
    ...whenAnyBit(CLONE_THREAD, [allow]),
    refuse,
  ],
  chmod: withoutBits(1, SET_ID),
  fchmod: withoutBits(1, SET_ID),
  fchmodat: withoutBits(2, SET_ID),
  fchmodat2: withoutBits(2, SET_ID),
  creat: withoutBits(1, SET_ID),
  open: withoutBits(2, SET_ID),
  openat: withoutBits(3, SET_ID),
  mkdir: withoutBits(1, SET_ID),
  mkdirat: withoutBits(2, SET_ID),
  mmap: [
    loadArgument(MAP_FLAGS),
    keepBits(SHARED_ANONYMOUS),
    ...whenEqual(SHARED_ANONYMOUS, [refuse]),
    allow,
  ],
  ioctl: [loadArgument(1), ...TERMINAL_REQUESTS.flatMap((request) => whenEqual(request, [refuse])), allow],
  socket: socketRule,
  socketpair: [...oneOf(0, ALL_BITS, [FAMILIES.unix], EAFNOSUPPORT), allow],
};

/**
 * The seccomp filter of the sandbox as the kernel reads it: the named calls are allowed, all others
 * refused with EPERM, and those that are newer than the list with ENOSYS, upon which the C library makes an
 * older call. A call of another architecture ends the process.
 *
 * @param architecture as in `process.arch`
 * @returns undefined when there is no list of calls for this architecture
 */
export function buildSeccompFilter(architecture: string): Buffer | undefined {
  const target = architectures[architecture];
  if (!target) return undefined;
  const on = (numbers: CallNumbers, block: readonly Instruction[]): Instruction[] => {
    const number = numbers[target.column];
    return number < 0 ? [] : whenEqual(number, block);
  };
  const names = Object.keys(rules) as (keyof typeof examinedCalls)[];
  return encodeProgram([
    loadArchitecture,
    [0x15, 1, 0, target.audit],
    finish(answer.endProcess),
    loadNumber,
    ...whenAbove(NEWEST_CALL, [finish(answer.refuse(ENOSYS))]),
    ...on(CLONE3, [finish(answer.refuse(ENOSYS))]),
    ...Object.values(allowedCalls).flatMap((numbers) => on(numbers, [allow])),
    ...names.flatMap((name) => on(examinedCalls[name], rules[name])),
    refuse,
  ]);
}
