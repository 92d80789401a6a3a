import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isProvided } from '../../core/releases/hostPackages';
import type { UnsatisfiedImport } from '../../core/releases/imports';
import { packageFiles, resolveImport } from './resolve';
import { scanImports } from './scan';

export interface ImportQuestion {
  /** The plugin folder. */
  root: string;
  /** All of its files. */
  files: readonly string[];
  /** The file that a host loads. */
  entry: string;
  /** Packages that the host provides. */
  provided: readonly string[];
}

const CODE = /\.[cm]?js$/;
/** Larger scripts, and further ones, are not read. */
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_FILES = 5_000;

/**
 * Follows the package's own scripts from the entry and finds the imports that lead nowhere, in the order of the
 * files. Scripts of vendored packages are not judged: their own dependencies came with them.
 */
export async function findUnsatisfied({
  root,
  files,
  entry,
  provided,
}: ImportQuestion): Promise<UnsatisfiedImport[]> {
  const known = packageFiles(files);
  const ownName = await readOwnName(path.join(root, 'dist', 'package.json'));
  const waiting = [entry];
  const seen = new Set(waiting);
  const found: UnsatisfiedImport[] = [];
  for (let file = waiting.pop(); file !== undefined && seen.size <= MAX_FILES; file = waiting.pop()) {
    for (const { specifier, line, isOptional } of await readImports(root, file)) {
      const resolution = resolveImport(specifier, file, known, ownName);
      if (resolution === 'there') continue;
      if ('missing' in resolution) {
        const { missing: name } = resolution;
        if (!isOptional && !isProvided(name, provided)) found.push({ file, line, name });
      } else if (!seen.has(resolution.file) && !resolution.file.includes('/node_modules/')) {
        seen.add(resolution.file);
        waiting.push(resolution.file);
      }
    }
  }
  return found.sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

async function readImports(root: string, file: string) {
  if (!CODE.test(file)) return [];
  const source = await readFile(path.join(root, file), 'utf8').catch(() => '');
  return source.length > MAX_BYTES ? [] : (scanImports(source.replace(/^\uFEFF/, '')) ?? []);
}

async function readOwnName(file: string): Promise<string | undefined> {
  try {
    const value: unknown = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    return typeof value === 'object' && value !== null && 'name' in value ? String(value.name) : undefined;
  } catch {
    return undefined;
  }
}
