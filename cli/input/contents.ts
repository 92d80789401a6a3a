import { open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { problem, type Problem } from '../../core/errors/errors';
import { findCredentials } from '../../core/scans/credentials';
import { describeMisplacedProgram, PROGRAM_ROOT } from '../../core/scans/programs';
import { PROGRAM_HEAD_BYTES, programFormat } from '../../platform/files/programs';

/** Larger texts are left to the marketplace, which reads them in pieces. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** As many as a person can read at once. */
const MOST = 100;

/**
 * What the marketplace's scanners would refuse the files of a plugin for, as far as it is told here: native programs
 * where none may be, and credentials by their form. It looks at more, and by more rules.
 *
 * @param files paths with `/`, relative to the root
 */
export async function checkContents(root: string, files: readonly string[]): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const file of files) {
    if (found.length >= MOST) break;
    found.push(...(await checkFile(path.join(root, file), file)));
  }
  return found.slice(0, MOST);
}

async function checkFile(location: string, file: string): Promise<Problem[]> {
  const head = await readHead(location);
  const format = programFormat(head);
  if (format !== undefined && !file.startsWith(PROGRAM_ROOT))
    return [problem('SCAN_REJECTED', describeMisplacedProgram(format), file)];
  const isText = !head.includes(0) && (await stat(location)).size <= MAX_TEXT_BYTES;
  if (!isText) return [];
  const text = await readFile(location, 'utf8');
  return findCredentials(file, text).map(({ rule, range: [start] }) => {
    const line = text.slice(0, start).split('\n').length;
    return problem('SCAN_REJECTED', `A credential (${rule}); its text is not shown.`, `${file}:${line}`);
  });
}

async function readHead(location: string): Promise<Buffer> {
  const handle = await open(location);
  try {
    const { buffer, bytesRead } = await handle.read(
      Buffer.alloc(PROGRAM_HEAD_BYTES),
      0,
      PROGRAM_HEAD_BYTES,
      0,
    );
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
