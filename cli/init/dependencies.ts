import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '../../core/limits';
import { isObject } from '../../core/messages';
import { findHostPackages, isProvided } from '../../core/releases/hostPackages';
import type { UnsatisfiedImport } from '../../core/releases/imports';
import { findUnsatisfied } from '../imports/unsatisfied';
import type { Registry } from './registry';
import type { FetchedSource } from './source';
import type { SourceFacts } from './sourceFacts';
import { nothing, vendorDependencies, type Vendored } from './vendor/vendor';

/** `vendor`: dependencies come into the package. `provided`: the host is said to have them. */
export const dependencyChoices = ['vendor', 'provided'] as const;
export type DependencyChoice = (typeof dependencyChoices)[number];

/** What the plugin loads that is not its own. */
export interface Dependencies extends Vendored {
  /** Packages that its host has, for the manifest. */
  provided: string[];
  /** Imports that nothing satisfies. */
  missing: UnsatisfiedImport[];
  /** A package that the entry loads and only its host has. */
  needed: string | undefined;
}

export interface DependencyOptions {
  /** The plugin folder that is being made; the files are under dist/. */
  draft: string;
  source: FetchedSource;
  facts: SourceFacts;
  /** Relative to the plugin folder. */
  entry: string;
  choice: DependencyChoice;
  registry: Registry;
}

/** Vendors what the package needs, and finds what is left to its host. @throws Refusal as `vendorDependencies` */
export async function settleDependencies(options: DependencyOptions): Promise<Dependencies> {
  const { draft, source, facts, entry, choice } = options;
  const { packageJson } = facts;
  const hosts = findHostPackages(
    packageJson,
    facts.hostManifests.map(({ value }) => value),
  );
  const own = [packageJson.dependencies, packageJson.optionalDependencies].flatMap((each) =>
    isObject(each) ? Object.keys(each) : [],
  );
  const left = choice === 'provided' ? own : own.filter((name) => isProvided(name, hosts.certain));
  const dist = path.join(draft, 'dist');
  const except = [...hosts.certain, ...left, ...(await listBundled(dist))];
  const isNeeded = await mentionsAny(
    dist,
    facts,
    own.filter((name) => !isProvided(name, except)),
  );
  const vendored = !isNeeded
    ? nothing
    : await vendorDependencies({
        packageJson,
        folder: source.project,
        isAlone: source.origin === 'registry',
        except,
        target: dist,
        works: `${draft}.vendor`,
        registry: await options.registry(),
      });
  const files = await listAll(draft);
  const loose = await findUnsatisfied({ root: draft, files, entry, provided: [] });
  const known = [...hosts.certain, ...hosts.likely, ...left];
  const met = loose.filter(({ name }) => isProvided(name, known)).map(({ name }) => name);
  const peers = isObject(packageJson.peerDependencies) ? Object.keys(packageJson.peerDependencies) : [];
  const provided = [...new Set([...peers, ...left, ...met])].sort().slice(0, limits.providedPackages);
  const missing = loose.filter(({ name }) => !isProvided(name, provided));
  const copied = vendored.copied.map((folder) => path.relative(source.project, folder));
  return { ...vendored, copied, provided, missing, needed: met[0] };
}

/**
 * Whether any script or page of the package speaks of one of these packages. Bundles hold what they need, though their
 * package.json still lists it.
 */
async function mentionsAny(dist: string, { files }: SourceFacts, names: readonly string[]): Promise<boolean> {
  if (names.length === 0) return false;
  const escaped = names.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const mention = new RegExp(`["'\`/](?:${escaped.join('|')})["'\`/]`);
  for (const { path: file } of files) {
    if (!/\.(?:[cm]?js|jsx|html?|css|json)$/.test(file) || file === 'package.json') continue;
    if (mention.test(await readFile(path.join(dist, file), 'utf8'))) return true;
  }
  return false;
}

/** Packages that the package brought itself. */
async function listBundled(dist: string): Promise<string[]> {
  const folder = path.join(dist, 'node_modules');
  const names = await readdir(folder).catch(() => []);
  const scoped = await Promise.all(
    names.map(async (name) =>
      name.startsWith('@')
        ? (await readdir(path.join(folder, name))).map((each) => `${name}/${each}`)
        : [name],
    ),
  );
  return scoped.flat();
}

/** Every file of a folder, with `/`. */
async function listAll(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}
