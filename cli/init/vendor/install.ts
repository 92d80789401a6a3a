import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Arborist, Node, Options } from '@npmcli/arborist';
import { Refusal, refusal } from '../../../core/errors/errors';
import { hasErrorCode } from '../../../core/errors/thrown';
import { isProvided } from '../../../core/releases/hostPackages';
import { toMessage } from '../../terminal/problems';
import type { RegistryOptions } from '../registry';

export interface Installed {
  /** The packages that stay. */
  kept: Node[];
  /** Names of dependencies that were left out, because they or what they need lie outside of the registry. */
  unreachable: string[];
}

type Installer = InstanceType<typeof Arborist>;
type MakeInstaller = (more: Options) => Installer;

/**
 * Installs what a project asks for by npm's own resolver. Packages in `except`, and what only they need, are removed.
 *
 * @throws Refusal DEPENDENCY_UNRESOLVED, SOURCE_FETCH
 */
export async function installPackages(
  project: string,
  registry: RegistryOptions,
  except: readonly string[],
): Promise<Installed> {
  // Large, and needed here alone.
  const { Arborist: Npm } = await import('@npmcli/arborist');
  const options: Options & Record<string, unknown> = {
    ...{ ...registry, path: project, ignoreScripts: true, installLinks: true, binLinks: false },
    ...{ audit: false, fund: false, allowGit: 'none', allowRemote: 'none' },
  };
  const make: MakeInstaller = (more) => new Npm({ ...options, ...more });
  try {
    const { tree, unreachable } = await reifyReachable(project, make);
    const kept = reach(tree, except);
    await removeOthers(tree, kept);
    return { kept: [...kept], unreachable };
  } catch (error) {
    throw error instanceof Refusal ? error : toRefusal(error);
  }
}

/** A dependency that leads out of the registry does not keep the others away: bundles often hold it already. */
async function reifyReachable(
  project: string,
  make: MakeInstaller,
): Promise<{ tree: Node; unreachable: string[] }> {
  try {
    return { tree: await reify(make), unreachable: [] };
  } catch (error) {
    if (!hasErrorCode(error, ...OUTSIDE)) throw error;
    const unreachable = await removeUnreachable(project, make);
    return { tree: await reify(make), unreachable };
  }
}

/** What npm says of packages of repositories and addresses, which are not fetched. */
const OUTSIDE = ['EALLOWGIT', 'EALLOWREMOTE'];

/** What packages expect of each other may contradict itself, which npm lets pass where it did so in former times. */
async function reify(make: MakeInstaller): Promise<Node> {
  try {
    return await make({}).reify({ save: false });
  } catch (error) {
    if (!hasErrorCode(error, 'ERESOLVE')) throw error;
    return await make({ legacyPeerDeps: true }).reify({ save: false });
  }
}

/** Tries each dependency alone, and takes those out of package.json that lead out of the registry. */
async function removeUnreachable(project: string, make: MakeInstaller): Promise<string[]> {
  const file = path.join(project, 'package.json');
  const manifest = JSON.parse(await readFile(file, 'utf8')) as { dependencies: Record<string, string> };
  const reachable: Record<string, string> = {};
  for (const [name, range] of Object.entries(manifest.dependencies)) {
    await writeFile(
      file,
      JSON.stringify({ ...manifest, optionalDependencies: {}, dependencies: { [name]: range } }),
    );
    if (await isReachable(make)) reachable[name] = range;
  }
  await writeFile(file, JSON.stringify({ ...manifest, dependencies: reachable }));
  await rm(path.join(project, 'node_modules'), { recursive: true, force: true });
  return Object.keys(manifest.dependencies).filter((name) => !(name in reachable));
}

async function isReachable(make: MakeInstaller): Promise<boolean> {
  try {
    await make({ legacyPeerDeps: true }).buildIdealTree();
    return true;
  } catch (error) {
    if (hasErrorCode(error, ...OUTSIDE)) return false;
    throw error;
  }
}

/** Everything that the plugin needs directly or by others, but for what its host provides and what only that needs. */
function reach(tree: Node, except: readonly string[]): Set<Node> {
  const kept = new Set<Node>();
  const waiting = [tree];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const edge of node.edgesOut.values()) {
      const to = edge.to as Node | null;
      if (!to || kept.has(to) || isProvided(edge.name, except)) continue;
      kept.add(to);
      waiting.push(to);
    }
  }
  return kept;
}

async function removeOthers(tree: Node, kept: ReadonlySet<Node>): Promise<void> {
  const isAround = (outer: Node): boolean =>
    [...kept].some((node) => node.path.startsWith(`${outer.path}${path.sep}`));
  for (const node of tree.inventory.values()) {
    if (node.isRoot || kept.has(node) || isAround(node)) continue;
    await rm(node.path, { recursive: true, force: true });
  }
}

function toRefusal(error: unknown): Refusal {
  const isAbsent = hasErrorCode(error, 'E404', 'ETARGET', 'EUNSUPPORTEDPROTOCOL', 'EINVALIDPACKAGENAME');
  const detail = `The dependencies could not be fetched: ${toMessage(error)}.`;
  return refusal(isAbsent ? 'DEPENDENCY_UNRESOLVED' : 'SOURCE_FETCH', detail);
}
