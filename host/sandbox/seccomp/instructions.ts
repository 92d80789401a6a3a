/** One instruction of classic BPF: code, jump if true, jump if false, operand. */
export type Instruction = readonly [code: number, ifTrue: number, ifFalse: number, operand: number];

/** How a call is answered. */
export const answer = {
  allow: 0x7fff0000,
  endProcess: 0x80000000,
  refuse: (errno: number): number => 0x00050000 | errno,
} as const;

export const EPERM = 1;
export const ENOSYS = 38;
export const EAFNOSUPPORT = 97;
export const EPROTONOSUPPORT = 93;

/** Offsets in `struct seccomp_data`. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const ARGUMENTS = 16;

export const loadNumber: Instruction = [0x20, 0, 0, NUMBER];
export const loadArchitecture: Instruction = [0x20, 0, 0, ARCHITECTURE];
/** The low half of an argument, on a little-endian machine; the calls looked at read no more of it. */
export const loadArgument = (index: number): Instruction => [0x20, 0, 0, ARGUMENTS + 8 * index];
export const keepBits = (mask: number): Instruction => [0x54, 0, 0, mask];
export const finish = (result: number): Instruction => [0x06, 0, 0, result];

/** Goes through `block` when the loaded value is `value`. */
export const whenEqual = (value: number, block: readonly Instruction[]): Instruction[] => [
  [0x15, 0, block.length, value],
  ...block,
];
/** Goes through `block` when the loaded value is above `value`. */
export const whenAbove = (value: number, block: readonly Instruction[]): Instruction[] => [
  [0x25, 0, block.length, value],
  ...block,
];
/** Goes through `block` when any of the bits is set. */
export const whenAnyBit = (mask: number, block: readonly Instruction[]): Instruction[] => [
  [0x45, 0, block.length, mask],
  ...block,
];

/** The program as the kernel reads it: 8 bytes an instruction, little-endian. */
export function encodeProgram(program: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, operand]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(operand >>> 0, index * 8 + 4);
  }
  return bytes;
}
