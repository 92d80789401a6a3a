import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Node } from '@npmcli/arborist';
import { exists } from '../../../platform/files/absence';
import type { RegistryOptions } from '../registry';
import { cleanPackages, packageOf } from './clean';
import { installPackages } from './install';
import { PROJECT, stageProject } from './project';
import type { Requiring } from './requirements';

/** What was vendored, and what a person should know of it. */
export interface Vendored {
  /** `name@version`, sorted. */
  packages: string[];
  /** The lock file whose versions were taken. */
  lock: string | undefined;
  /** Folders of the author's that were copied in place of links. */
  copied: string[];
  /** Dependencies that are neither of the registry nor a folder that is there, as `name (range)`. */
  foreign: string[];
  /** Packages whose compiled add-ons or programs were left out. */
  natives: string[];
  /** Packages that ask for a script at installation, which was not run. */
  scripts: string[];
  /** Packages without a text of their licence. */
  unlicensed: string[];
  /** What may hold credentials and was left out: paths below node_modules. */
  secrets: string[];
}

export interface VendorOptions extends Requiring {
  /** The folder that gets a `node_modules`. */
  target: string;
  /** A folder of our own beside it, for the time of the work. */
  works: string;
  registry: RegistryOptions;
}

/**
 * Puts what a plugin needs at run time under `node_modules` of its folder, by npm's own resolver: versions of the
 * lock file, integrity checked, no script run, nothing fetched but packages of the registry.
 *
 * @throws Refusal DEPENDENCY_UNRESOLVED when the registry lacks one, FILE_UNSAFE, SOURCE_FETCH
 */
export async function vendorDependencies(options: VendorOptions): Promise<Vendored> {
  const { works, target, except } = options;
  try {
    const { isEmpty, ...staged } = await stageProject(works, options);
    const none: Vendored = { ...nothing, ...staged };
    if (isEmpty) return none;
    const project = path.join(works, PROJECT);
    const { kept, unreachable } = await installPackages(project, options.registry, except);
    const folder = path.join(project, 'node_modules');
    const foreign = [...staged.foreign, ...unreachable];
    if (!(await exists(folder))) return { ...none, foreign };
    const { natives, secrets } = await cleanPackages(folder);
    const vendored: Vendored = {
      ...staged,
      foreign,
      packages: kept.map(({ packageName, version }) => `${packageName}@${version}`).sort(),
      natives: unique(natives.map(packageOf)),
      scripts: unique(kept.filter(asksForScript).map(({ packageName }) => packageName)),
      unlicensed: await listUnlicensed(kept),
      secrets,
    };
    await moveInto(folder, target);
    return vendored;
  } finally {
    await rm(works, { recursive: true, force: true });
  }
}

/** Where no dependency is asked for. */
export const nothing: Vendored = {
  ...{ packages: [], lock: undefined, copied: [], foreign: [] },
  ...{ natives: [], scripts: [], unlicensed: [], secrets: [] },
};

const unique = (names: readonly string[]): string[] => [...new Set(names)].sort();

async function listUnlicensed(packages: readonly Node[]): Promise<string[]> {
  const found = await Promise.all(
    packages.map(async (node) => {
      const names = await readdir(node.path);
      return names.some((name) => LICENCE.test(name)) ? [] : [node.packageName];
    }),
  );
  return unique(found.flat());
}

const LICENCE = /licen[cs]e|copying|notice/i;

const asksForScript = (node: Node): boolean => node.hasInstallScript === true;

/** Beside what the package itself had bundled. */
async function moveInto(folder: string, target: string): Promise<void> {
  const place = path.join(target, 'node_modules');
  if (!(await exists(place))) return await rename(folder, place);
  for (const name of await readdir(folder)) {
    const names = name.startsWith('@')
      ? (await readdir(path.join(folder, name))).map((each) => `${name}/${each}`)
      : [name];
    for (const each of names) {
      if (await exists(path.join(place, each))) continue;
      await mkdir(path.dirname(path.join(place, each)), { recursive: true });
      await rename(path.join(folder, each), path.join(place, each));
    }
  }
}
