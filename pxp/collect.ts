import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { problem, refuseIfAny, type Problem } from '../core/errors/errors';
import { CONTENT_ROOTS, LICENSE, PLUGIN_YAML, compareEntryPaths } from './format';
import { checkCollisions, checkPath } from './names';
import { quoteName } from '../core/foreignText';

/** A file to pack: its path in the package, and where its bytes are. */
export interface SourceFile {
  path: string;
  from: { file: string } | { data: Buffer };
  bytes: number;
  executable: boolean;
}

/** What version control and desktops leave behind; never part of a plugin. */
const LITTER = new Set(['.git', '.hg', '.svn', '.DS_Store', 'Thumbs.db', 'desktop.ini']);

/** Folders that can hold what a plugin runs; one of them must hold a file. */
const CODE_ROOTS = ['dist', 'backend', 'frontend', 'web-admin'] as const;

interface Found {
  files: SourceFile[];
  symlinks: string[];
  others: string[];
}

/**
 * The files of a plugin folder that belong into a package, in the order of the package. Executable is
 * what its owner may execute, because no umask takes that bit away. Listing blocks: it is microseconds a
 * file, where asking the thread pool for each would take longer than hashing it.
 *
 * @throws Refusal naming every symbolic link, device, unusable name, and an empty dist
 */
export function collectFiles(root: string): SourceFile[] {
  const found: Found = { files: [], symlinks: [], others: [] };
  for (const name of [PLUGIN_YAML, LICENSE, ...CONTENT_ROOTS]) visit(root, name, found);
  refuseIfAny([...checkKinds(found), ...checkNames(found.files), ...checkCode(found)]);
  return found.files.sort((a, b) => compareEntryPaths(a.path, b.path));
}

function visit(root: string, name: string, found: Found): void {
  const file = path.join(root, ...name.split('/'));
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (!stats) return;
  if (stats.isSymbolicLink()) found.symlinks.push(name);
  else if (stats.isDirectory()) visitFolder(root, name, found);
  else if (!stats.isFile()) found.others.push(name);
  else {
    const executable = (stats.mode & 0o100) !== 0;
    // File systems differ in how they compose letters; a package has one form for all.
    found.files.push({ path: name.normalize('NFC'), from: { file }, bytes: stats.size, executable });
  }
}

function visitFolder(root: string, name: string, found: Found): void {
  const names = readdirSync(path.join(root, ...name.split('/')));
  for (const child of names) {
    if (!LITTER.has(child)) visit(root, `${name}/${child}`, found);
  }
}

function checkKinds({ symlinks, others }: Found): Problem[] {
  return [
    ...symlinks.map((each) => problem('PACKAGE_SYMLINK', `${quoteName(each)} is a symbolic link.`, each)),
    ...others.map((each) =>
      problem('PACKAGE_PATH', `${quoteName(each)} is neither a file nor a folder.`, each),
    ),
  ];
}

function checkNames(files: readonly SourceFile[]): Problem[] {
  const paths = files.map((file) => file.path);
  const unusable = paths.flatMap((each) => checkPath(each, 'PACKAGE_PATH'));
  return [...unusable, ...checkCollisions(paths, 'PACKAGE_PATH')];
}

function checkCode({ files, symlinks }: Found): Problem[] {
  const within = (file: string) => CODE_ROOTS.some((root) => file === root || file.startsWith(`${root}/`));
  if (files.some((file) => within(file.path)) || symlinks.some(within)) return [];
  return [
    problem('DIST_EMPTY', 'There are no files under dist/ (nor backend/, frontend/ or web-admin/).', 'dist'),
  ];
}

/** A file whose bytes are made here rather than read from the folder. */
export const generatedFile = (name: string, text: string): SourceFile => {
  const data = Buffer.from(text);
  return { path: name, from: { data }, bytes: data.length, executable: false };
};
