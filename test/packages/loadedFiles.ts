import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { repositoryRoot } from '../../infra/build/build';
import { run } from '../../platform/processes/run';

/** Files that a program loads, without Node's own: V8 lists each script that it ran in its coverage. */
export async function listLoadedFiles(program: string, args: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-loaded-'));
  try {
    await run(process.execPath, [program, ...args], { env: { ...process.env, NODE_V8_COVERAGE: folder } });
    const [file = ''] = await readdir(folder);
    const { result } = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as {
      result: { url: string }[];
    };
    return result.flatMap(({ url }) => (url.startsWith('file:') ? [fileURLToPath(url)] : []));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Sources of the repository that are in those files that are px-plugin's own, by the maps that the build keeps. */
export async function listSources(files: readonly string[]): Promise<string[]> {
  const own = files.filter((file) => path.dirname(file).endsWith(path.join('px-plugin', 'dist')));
  const lists = own.map(async (file) => {
    const map = path.join(repositoryRoot, 'dist/px-plugin', `${path.basename(file)}.map`);
    const { sources } = JSON.parse(await readFile(map, 'utf8')) as { sources: string[] };
    return sources.map((source) => path.relative(repositoryRoot, path.resolve(path.dirname(map), source)));
  });
  return (await Promise.all(lists)).flat();
}
