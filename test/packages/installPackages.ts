import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../../infra/build/build';
import { run } from '../../platform/processes/run';

const FOLDERS = ['px-plugin', 'sdk', 'host'];

/**
 * Builds the npm packages, packs them and installs the archives into a folder of their own, as a user's machine would.
 * Their dependencies come from npm's cache where it has them. Sizes and the start time of px-plugin are printed.
 */
export async function installPackages(folder: string): Promise<void> {
  const loader = pathToFileURL(createRequire(__filename).resolve('tsx')).href;
  const build = ['--import', loader, 'infra/npm/main.ts'];
  process.stdout.write(await run(process.execPath, build, { cwd: repositoryRoot }));
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n');
  const archives = await Promise.all(FOLDERS.map((name) => pack(name, folder)));
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  await run('npm', ['install', ...quiet, ...archives], { cwd: folder });
}

async function pack(name: string, target: string): Promise<string> {
  const cwd = path.join(repositoryRoot, 'dist/packages', name);
  const [packed] = JSON.parse(
    await run('npm', ['pack', '--json', '--pack-destination', target], { cwd }),
  ) as {
    filename: string;
  }[];
  return `./${packed?.filename}`;
}

/** A program of an installed package. */
export const installedProgram = (folder: string, name: string): string =>
  path.join(folder, 'node_modules', '.bin', name);
