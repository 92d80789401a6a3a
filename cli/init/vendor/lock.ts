import { isObject } from '../../../core/messages';
import type { FoundLock } from './requirements';

type Entries = Record<string, Record<string, unknown>>;

/**
 * The text of a lock file for a project that holds one package of a workspace at its root: what the package had of its
 * own comes first, then what lies at the workspace's root. Links into the workspace are left out; what is missing
 * or does not fit is resolved anew.
 */
export function rebaseLock(
  { name, text, within }: FoundLock,
  root: Record<string, unknown>,
): string | undefined {
  if (name === 'yarn.lock') return text;
  const lock = parse(text);
  if (!isObject(lock) || !isObject(lock.packages)) return undefined;
  const packages: Entries = { '': root };
  const own = within === '' ? '' : `${within}/`;
  for (const prefix of new Set(['', own])) {
    for (const [location, entry] of Object.entries(lock.packages as Entries)) {
      const moved = location.startsWith(prefix) ? location.slice(prefix.length) : '';
      if (moved.startsWith('node_modules/') && entry.link !== true) packages[moved] = entry;
    }
  }
  const { name: title, version } = root;
  return JSON.stringify({ name: title, version, lockfileVersion: lock.lockfileVersion ?? 3, packages });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
