import { execFile } from 'node:child_process';
import { cp, lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import pacote from 'pacote';
import { refusal } from '../../core/errors/errors';
import { toMessage } from '../terminal/problems';
import { isNoise, isSecret } from './noise';

/** Where a plugin's files come from. */
export type SourceOrigin = 'folder' | 'registry';

export interface FetchedSource {
  origin: SourceOrigin;
  /** What may hold credentials and was not taken, by its path. */
  leftBehind: string[];
}

/** A name of the registry with a version, range or tag: nothing that runs scripts or leaves the registry. */
const REGISTRY_SPEC = /^(?:@[a-z0-9~][\w.~-]*\/)?[a-z0-9~][\w.~-]*(?:@[\w.~^<>=|* +-]+)?$/i;

/**
 * Brings the files of a folder or of an npm package into `target`, which does not exist yet.
 *
 * @throws Refusal SOURCE_UNREADABLE for what is neither, SOURCE_FETCH when the registry does not answer
 */
export async function fetchSource(
  from: string,
  cwd: string,
  target: string,
  cacheDir: string,
): Promise<FetchedSource> {
  const folder = path.resolve(cwd, from);
  const stats = await stat(folder).catch(() => undefined);
  if (stats?.isDirectory()) return { origin: 'folder', leftBehind: await copyFolder(folder, target) };
  if (!REGISTRY_SPEC.test(from)) {
    throw refusal('SOURCE_UNREADABLE', `"${from}" is neither a folder nor a package such as name@1.2.3.`);
  }
  await fetchPackage(from, target, cacheDir);
  return { origin: 'registry', leftBehind: await removeNoise(target) };
}

/** Authors publish more than they mean to; it goes no further. */
async function removeNoise(target: string): Promise<string[]> {
  const names = await readdir(target, { recursive: true });
  const files = names.map((name) => name.split(path.sep).join('/'));
  const noise = files.filter(isNoise);
  await Promise.all(noise.map((name) => rm(path.join(target, name), { recursive: true, force: true })));
  return noise.filter(isSecret).sort();
}

/** Links are not followed: what they point to may be anything, and a package cannot hold them. */
async function copyFolder(folder: string, target: string): Promise<string[]> {
  const secrets: string[] = [];
  await cp(folder, target, {
    recursive: true,
    filter: async (file) => {
      const name = path.relative(folder, file).split(path.sep).join('/');
      if (name === '') return true;
      if (isSecret(name)) secrets.push(name);
      return !isNoise(name) && !(await lstat(file)).isSymbolicLink();
    },
  });
  return secrets.sort();
}

/** How long a package may take to arrive, in milliseconds, however slowly its registry speaks. */
const FETCH_TIMEOUT_MS = 600_000;

/** npm's own fetcher: integrity checked, kept in a cache that all plugin folders share. */
async function fetchPackage(spec: string, target: string, cacheDir: string): Promise<void> {
  const registry = await npmSetting('registry');
  await mkdir(cacheDir, { recursive: true });
  try {
    await pacote.extract(spec, target, {
      cache: path.join(cacheDir, 'npm'),
      // A named version never changes, so a cached copy needs no network.
      preferOffline: true,
      signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      ...(registry === undefined ? {} : { registry }),
    });
  } catch (error) {
    const { code } = (error ?? {}) as { code?: string };
    const isAbsent = code === 'E404' || code === 'ETARGET';
    if (isAbsent) throw refusal('SOURCE_UNREADABLE', `The registry has no package ${spec}.`);
    throw refusal('SOURCE_FETCH', `${spec} could not be fetched: ${toMessage(error)}.`);
  }
}

/** What npm itself would use here, mirrors included; undefined leaves it to the fetcher's default. */
async function npmSetting(name: string): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', name], { timeout: 10_000 });
    const value = stdout.trim();
    return value === '' || value === 'undefined' ? undefined : value;
  } catch {
    return undefined;
  }
}
