/** The formats of native programs that {@link programFormat} knows. */
export type ProgramFormat = 'ELF' | 'Mach-O' | 'Windows';

/** The head that is needed to tell: a Windows header may start a little into the file. */
export const PROGRAM_HEAD_BYTES = 4096;

const MACH_O = ['feedface', 'feedfacf', 'cefaedfe', 'cffaedfe', 'cafebabf'];
const ELF = '7f454c46';
const FAT_OR_JAVA = 'cafebabe';

/** The lowest class file version ever used; universal binaries hold a small count in its place. */
const FIRST_JAVA_VERSION = 43;

/**
 * Which native program a file is, by its first bytes, or undefined.
 *
 * Checked here and not by magic-bytes.js, which takes the Mach-O files of today's Macs for Java
 * classes and any text that starts with "MZ" for a program.
 */
export function programFormat(head: Buffer): ProgramFormat | undefined {
  const magic = head.subarray(0, 4).toString('hex');
  if (magic === ELF) return 'ELF';
  if (MACH_O.includes(magic) || (magic === FAT_OR_JAVA && isUniversal(head))) return 'Mach-O';
  return isWindows(head) ? 'Windows' : undefined;
}

const isUniversal = (head: Buffer): boolean => head.length >= 8 && head.readUInt32BE(4) < FIRST_JAVA_VERSION;

/** `MZ`, and either the PE header where the offset at 0x3c says, or the zero bytes of an old DOS program. */
function isWindows(head: Buffer): boolean {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return false;
  const offset = head.readUInt32LE(0x3c);
  const signature = head.subarray(offset, offset + 4).toString('latin1');
  return signature === 'PE\0\0' || head.subarray(0, 64).includes(0);
}
