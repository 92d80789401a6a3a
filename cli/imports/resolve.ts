import { isBuiltin } from 'node:module';
import path from 'node:path';

/** The files of a package's folder: paths with `/`, relative to it. */
export interface PackageFiles {
  has(file: string): boolean;
  /** Whether a file lies in this folder or below it. */
  hasFolder(folder: string): boolean;
}

export function packageFiles(files: readonly string[]): PackageFiles {
  const names = new Set(files);
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = path.posix.dirname(file); at !== '.' && !folders.has(at); at = path.posix.dirname(at))
      folders.add(at);
  }
  return { has: (file) => names.has(file), hasFolder: (folder) => folders.has(folder) };
}

/** Where an import leads: to a file of the package itself, to what is there anyway, or nowhere. */
export type Resolution = { file: string } | 'there' | { missing: string };

const ENDINGS = [
  '',
  '.js',
  '.cjs',
  '.mjs',
  '.json',
  '.node',
  '/index.js',
  '/index.cjs',
  '/index.mjs',
  '/index.json',
];

/**
 * Finds what a file loads, by Node's rules: Node's own modules, files beside, and packages in a `node_modules` of the
 * folders around. A package that is there counts as found, whatever of it is loaded.
 *
 * @param from a file of the package
 * @param ownName the name by which a package may load itself
 */
export function resolveImport(
  specifier: string,
  from: string,
  files: PackageFiles,
  ownName: string | undefined,
): Resolution {
  if (isBuiltin(specifier) || /^[a-z][a-z0-9+.-]+:/i.test(specifier)) return 'there';
  // Aliases of package.json, absolute paths and requests to a bundler's loaders are beyond what can be known here.
  if (/^[#/!?~]|!/.test(specifier)) return 'there';
  if (specifier.startsWith('.')) return resolveFile(specifier, from, files);
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  if (name === ownName) return 'there';
  for (let at = path.posix.dirname(from); ; at = path.posix.dirname(at)) {
    if (files.hasFolder(path.posix.join(at, 'node_modules', name))) return 'there';
    if (at === '.') return { missing: name };
  }
}

function resolveFile(specifier: string, from: string, files: PackageFiles): Resolution {
  const target = path.posix
    .join(path.posix.dirname(from), specifier.replace(/[?#].*$/, ''))
    .replace(/\/$/, '');
  const found = ENDINGS.map((ending) => `${target}${ending}`).find((each) => files.has(each));
  if (found !== undefined) return { file: found };
  return files.hasFolder(target) ? 'there' : { missing: specifier };
}
