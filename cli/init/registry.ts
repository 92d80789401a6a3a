import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

/** How packages are fetched: npm's registry setting, and a cache that all plugin folders share. */
export interface RegistryOptions {
  cache: string;
  /** A named version never changes, so a cached copy needs no network. */
  preferOffline: true;
  registry?: string;
}

/** Asked of npm once, when something is to be fetched. */
export type Registry = () => Promise<RegistryOptions>;

export function lazyRegistry(cacheDir: string): Registry {
  let options: Promise<RegistryOptions> | undefined;
  return () => (options ??= readRegistryOptions(cacheDir));
}

async function readRegistryOptions(cacheDir: string): Promise<RegistryOptions> {
  const registry = await npmSetting('registry');
  await mkdir(cacheDir, { recursive: true });
  const cache = path.join(cacheDir, 'npm');
  return { cache, preferOffline: true, ...(registry === undefined ? {} : { registry }) };
}

/** What npm itself would use here, mirrors included; undefined leaves it to the fetcher's default. */
async function npmSetting(name: string): Promise<string | undefined> {
  try {
    const options = { timeout: 10_000, env: process.env };
    const { stdout } = await promisify(execFile)('npm', ['config', 'get', name], options);
    const value = stdout.trim();
    return value === '' || value === 'undefined' ? undefined : value;
  } catch {
    return undefined;
  }
}
