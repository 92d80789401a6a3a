import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isObject } from '../../core/messages';
import { isNoise } from './noise';

/** A file of the source: path with `/`, size in bytes. */
export interface SourceFile {
  path: string;
  bytes: number;
}

/** What is known of a plugin's source before anything is decided. */
export interface SourceFacts {
  packageJson: Record<string, unknown>;
  /** JSON files near the top that describe a plugin to its host: they have `id`, `name` and `version`. */
  hostManifests: { path: string; value: Record<string, unknown> }[];
  files: SourceFile[];
}

/** Larger JSON files are data. */
const MAX_JSON_BYTES = 256 * 1024;

/** Reads the names of all files and the few small ones that describe the plugin. */
export async function readSourceFacts(folder: string): Promise<SourceFacts> {
  const files = await listSource(folder);
  const near = files.filter((file) => file.path.endsWith('.json') && file.path.split('/').length <= 2);
  const small = near.filter((file) => file.bytes <= MAX_JSON_BYTES);
  const read = await Promise.all(
    small.map(async (file) => ({ path: file.path, value: await readObject(path.join(folder, file.path)) })),
  );
  const objects = read.flatMap(({ path: at, value }) => (value ? [{ path: at, value }] : []));
  return {
    packageJson: objects.find((each) => each.path === 'package.json')?.value ?? {},
    hostManifests: objects.filter((each) => each.path !== 'package.json' && describesPlugin(each.value)),
    files,
  };
}

const describesPlugin = (value: Record<string, unknown>): boolean =>
  ['id', 'name', 'version'].every((key) => typeof value[key] === 'string');

async function listSource(folder: string): Promise<SourceFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !isNoise(file))
    .sort();
  return Promise.all(
    paths.map(async (file) => ({ path: file, bytes: (await stat(path.join(folder, file))).size })),
  );
}

async function readObject(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
