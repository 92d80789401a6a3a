import { readFile, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import pacote from 'pacote';
import { refusal } from '../../core/errors/errors';
import { isObject } from '../../core/messages';
import { toMessage } from '../terminal/problems';
import { exists } from '../../platform/files/absence';
import { copyPackFiles, type Copied } from './copyFiles';
import { isCertificate, isNoise, isSecret } from './noise';
import type { Registry, RegistryOptions } from './registry';

/** Where a plugin's files come from. */
export type SourceOrigin = 'folder' | 'registry';

export interface FetchedSource extends Copied {
  origin: SourceOrigin;
  /** Where package.json and lock files lie: the author's folder, or what was fetched. */
  project: string;
}

/** A name of the registry with a version, range or tag: nothing that runs scripts or leaves the registry. */
const REGISTRY_SPEC = /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*(?:@[\w.~^<>=|* +-]+)?$/i;

/**
 * Brings the files of a folder, as `npm pack` would take them, or of an npm package into `target`, which does not
 * exist yet. Nothing is written into the folder.
 *
 * @throws Refusal SOURCE_UNREADABLE for what is neither, FILE_UNSAFE for what a package cannot hold, SOURCE_FETCH when
 *   the registry does not answer
 */
export async function fetchSource(
  from: string,
  cwd: string,
  target: string,
  registry: Registry,
): Promise<FetchedSource> {
  const folder = path.resolve(cwd, from);
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) {
    const copied = await copyPackFiles(folder, target, await readPackageJson(folder));
    return { origin: 'folder', project: folder, ...copied };
  }
  if (!REGISTRY_SPEC.test(from)) {
    throw refusal('SOURCE_UNREADABLE', `"${from}" is neither a folder nor a package such as name@1.2.3.`);
  }
  await fetchPackage(from, target, await registry());
  return { origin: 'registry', project: target, leftBehind: await removeNoise(target), copiedLinks: [] };
}

/** Empty where there is none, or none that can be read. */
export async function readPackageJson(folder: string): Promise<Record<string, unknown>> {
  try {
    const text = await readFile(path.join(folder, 'package.json'), 'utf8');
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Authors publish more than they mean to; it goes no further. Packages that were bundled stay. */
async function removeNoise(target: string): Promise<string[]> {
  const names = await readdir(target, { recursive: true });
  const files = names.map((name) => name.split(path.sep).join('/'));
  const secrets: string[] = [];
  for (const name of files.filter((each) => !isVendored(each) && isNoise(each))) {
    const file = path.join(target, name);
    if (isSecret(name) && (await isCertificate(file))) continue;
    // What lay in a folder that was removed is gone already.
    if (isSecret(name) && (await exists(file))) secrets.push(name);
    await rm(file, { recursive: true, force: true });
  }
  return secrets.sort();
}

const isVendored = (file: string): boolean => file.split('/').includes('node_modules');

/** How long a package may take to arrive, in milliseconds, however slowly its registry speaks. */
const FETCH_TIMEOUT_MS = 600_000;

/** npm's own fetcher: integrity checked, no script run. */
async function fetchPackage(spec: string, target: string, registry: RegistryOptions): Promise<void> {
  try {
    await pacote.extract(spec, target, { ...registry, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  } catch (error) {
    const { code } = (error ?? {}) as { code?: string };
    const isAbsent = code === 'E404' || code === 'ETARGET';
    if (isAbsent) throw refusal('SOURCE_UNREADABLE', `The registry has no package ${spec}.`);
    throw refusal('SOURCE_FETCH', `${spec} could not be fetched: ${toMessage(error)}.`);
  }
}
