import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryRoot } from '../../../infra/build/build';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.spillway', '.px-plugin', 'fixtures', 'histories']);

/** A file of the repository: its path with `/`, and its text. */
export interface RepositoryFile {
  name: string;
  text: string;
}

/** Every file below a folder whose name matches, without what was installed or built. */
export function listFiles(pattern: RegExp, folder = ''): RepositoryFile[] {
  const entries = readdirSync(path.join(repositoryRoot, folder), { withFileTypes: true });
  return entries.flatMap((entry): RepositoryFile[] => {
    const name = path.posix.join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : listFiles(pattern, name);
    return pattern.test(name) ? [{ name, text: read(name) }] : [];
  });
}

export const read = (name: string): string => readFileSync(path.join(repositoryRoot, name), 'utf8');

/** Formatting pads the cells of tables; what they say must be equal. */
export const unpadded = (text: string): string => text.replace(/ +\|/g, ' |').replace(/-{3,}/g, '---');

/** All documents of the repository. */
export const pages = (): RepositoryFile[] => listFiles(/\.md$/);

/** The lines of a section, from its heading to the next one of the same depth or above. */
export function section(text: string, heading: string): string {
  const lines = text.split('\n');
  const from = lines.indexOf(heading);
  if (from < 0) throw new Error(`There is no section "${heading}".`);
  const depth = heading.indexOf(' ');
  const length = lines.slice(from + 1).findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= depth);
  return lines.slice(from + 1, length < 0 ? undefined : from + 1 + length).join('\n');
}

/** What stands between backticks in a text. */
export const codeSpans = (text: string): string[] =>
  [...text.matchAll(/`([^`\n]+)`/g)].map((match) => match[1] ?? '');

/** The rows of the first table of a text, without its head; cells are trimmed. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  );
}
