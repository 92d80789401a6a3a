import { lstat, open, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { PROGRAM_HEAD_BYTES, programFormat } from '../../../platform/files/programs';
import { isCertificate, isSecret } from '../noise';

/** What was taken out of vendored packages: paths with `/`, relative to their folder. */
export interface Cleaned {
  /** Compiled add-ons and programs, which hosts do not run and the marketplace refuses. */
  natives: string[];
  /** What may hold credentials. */
  secrets: string[];
}

/** npm's own notes, links to programs, and what belongs to version control. */
const NOTES = new Set([
  '.bin',
  '.package-lock.json',
  '.git',
  '.github',
  '.DS_Store',
  '.npmignore',
  '.gitignore',
]);

/** Removes from a `node_modules` what a plugin must not carry, and says what it was. */
export async function cleanPackages(folder: string): Promise<Cleaned> {
  const cleaned: Cleaned = { natives: [], secrets: [] };
  await cleanFolder(folder, '', cleaned);
  cleaned.natives.sort();
  cleaned.secrets.sort();
  return cleaned;
}

async function cleanFolder(root: string, within: string, cleaned: Cleaned): Promise<void> {
  for (const entry of await readdir(path.join(root, within), { withFileTypes: true })) {
    const name = within === '' ? entry.name : `${within}/${entry.name}`;
    const file = path.join(root, name);
    const isRemoved = NOTES.has(entry.name) || entry.isSymbolicLink() || (await note(file, name, cleaned));
    if (isRemoved) await rm(file, { recursive: true, force: true });
    else if (entry.isDirectory()) await cleanFolder(root, name, cleaned);
  }
}

/** Whether it is taken out. The names of packages are no names of credentials. */
async function note(file: string, name: string, { natives, secrets }: Cleaned): Promise<boolean> {
  const isFile = (await lstat(file)).isFile();
  if (isFile && isSecret(path.basename(name)) && !(await isCertificate(file))) secrets.push(name);
  else if (isFile && (name.endsWith('.node') || (await isProgram(file)))) natives.push(name);
  else return false;
  return true;
}

async function isProgram(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const head = Buffer.alloc(PROGRAM_HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return programFormat(head.subarray(0, bytesRead)) !== undefined;
  } finally {
    await handle.close();
  }
}

/** `@scope/name` or `name` of the innermost package that a path below `node_modules` lies in. */
export function packageOf(file: string): string {
  const inner = file.split('node_modules/').at(-1) ?? file;
  return /^(?:@[^/]+\/)?[^/]+/.exec(inner)?.[0] ?? inner;
}
