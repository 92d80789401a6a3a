import { lstat, readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { isProvided } from '../../../core/releases/hostPackages';
import { isObject } from '../../../core/messages';
import { ignoreAbsence } from '../../../platform/files/absence';
import { readPackageJson } from '../source';
import { isWithin } from '../within';

/** What a package needs at run time: names with ranges of the registry, and those that are folders of the author's. */
export interface Requirements {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  /** Absolute folders, by the name of the package; links of a workspace and `file:` dependencies. */
  folders: Record<string, string>;
  /** Those that are neither of the registry nor a folder that is there, as `name (range)`. */
  foreign: string[];
}

export interface Requiring {
  packageJson: Record<string, unknown>;
  /** Where package.json lies. */
  folder: string;
  /** Whether dependencies may only be folders below it, as in what came from the registry. */
  isAlone: boolean;
  /** Names that are not vendored. */
  except: readonly string[];
}

/** Which packages are asked for, and where each is. */
export async function readRequirements(requiring: Requiring): Promise<Requirements> {
  const { packageJson, except } = requiring;
  const found: Requirements = { dependencies: {}, optionalDependencies: {}, folders: {}, foreign: [] };
  const optional = readRanges(packageJson.optionalDependencies);
  // npm lets an optional dependency count more than one of the same name.
  const all = { ...readRanges(packageJson.dependencies), ...optional };
  for (const [name, range] of Object.entries(all)) {
    if (isProvided(name, except)) continue;
    const beside = await findFolder(requiring, name, range);
    if (beside) found.folders[name] = beside;
    else if (FOREIGN.test(range)) found.foreign.push(`${name} (${range.slice(0, 200)})`);
    else found[name in optional ? 'optionalDependencies' : 'dependencies'][name] = range;
  }
  return found;
}

/** Addresses, and protocols of package managers; `npm:` names another package of the registry. */
const FOREIGN = /^(?!npm:)(?:[a-z][a-z+]*:|[~.]*\/|[\w.-]+\/)/i;

const readRanges = (value: unknown): Record<string, string> =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value).flatMap(([name, each]) => (typeof each === 'string' ? [[name, each]] : [])),
      )
    : {};

/**
 * The folder that a path names, or that a link of a workspace leads to. It must say itself that it is the package of
 * that name: no other folder of the author's is taken.
 */
async function findFolder(
  { folder, isAlone }: Requiring,
  name: string,
  range: string,
): Promise<string | undefined> {
  const local =
    /^(?:file|link|portal):(.+)$/.exec(range)?.[1] ?? (/^\.{0,2}\//.test(range) ? range : undefined);
  const found =
    local === undefined
      ? await findLink(folder, name, isAlone)
      : await ignoreAbsence(realpath(path.resolve(folder, local)));
  if (found === undefined) return undefined;
  if (isAlone && !isWithin(await realpath(folder), found)) return undefined;
  return (await readPackageJson(found)).name === name ? found : undefined;
}

/** Where managers of workspaces put links: `node_modules` of the folder or of one around it. */
async function findLink(folder: string, name: string, isAlone: boolean): Promise<string | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    const link = path.join(at, 'node_modules', name);
    if ((await ignoreAbsence(lstat(link)))?.isSymbolicLink()) {
      const end = await ignoreAbsence(realpath(link));
      // A link within node_modules is how some managers store what comes from the registry.
      return end !== undefined && !end.split(path.sep).includes('node_modules') ? end : undefined;
    }
    if (isAlone || at === path.dirname(at)) return undefined;
  }
}

/** The lock file of a folder, or of the workspace around it. */
export interface FoundLock {
  name: 'npm-shrinkwrap.json' | 'package-lock.json' | 'yarn.lock';
  text: string;
  /** Of the package within the workspace, with `/`; empty for a lock file of its own. */
  within: string;
}

const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json', 'yarn.lock'] as const;

/** @param isAlone whether only the folder itself is looked into */
export async function findLock(folder: string, isAlone: boolean): Promise<FoundLock | undefined> {
  for (let at = folder; ; at = path.dirname(at)) {
    for (const name of LOCKS) {
      const text = await ignoreAbsence(readFile(path.join(at, name), 'utf8'));
      if (text !== undefined)
        return { name, text, within: path.relative(at, folder).split(path.sep).join('/') };
    }
    const isEnd = isAlone || at === path.dirname(at) || (await ignoreAbsence(lstat(path.join(at, '.git'))));
    if (isEnd) return undefined;
  }
}
