import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { refusal } from '../../core/errors/errors';
import type { Manifest } from '../../contracts/releases/manifest';
import { describePlugin, type DescribeOptions } from './describe';
import { HEALTH_SCRIPT, healthScript } from './healthScript';
import type { IdOrigin } from './pluginId';
import { fetchSource } from './source';
import { readSourceFacts, type SourceFacts } from './sourceFacts';
import { changelog, manifestJson, pluginYaml, publishYml } from './texts';

export interface InitOptions extends DescribeOptions {
  /** A folder, or an npm package such as `name@1.2.3`. */
  from: string;
  cwd: string;
  /** The plugin folder to make; by default `<name>-<version>` in `cwd`. */
  out?: string | undefined;
  /** Replace what is there. */
  force: boolean;
  cacheDir: string;
}

export interface InitResult {
  folder: string;
  manifest: Manifest;
  idOrigin: IdOrigin;
  files: number;
  /** Whether the changelog's section for this version is the author's own. */
  notes: 'own' | 'generated';
  /** What may hold credentials and was left behind: paths of the source. */
  leftBehind: string[];
}

/**
 * Makes a plugin folder of a folder or an npm package: manifest.json, plugin.yaml, publish.yml,
 * CHANGELOG.md, LICENSE, and under dist/ the files as they were, with a health check. The folder
 * appears complete or not at all.
 */
export async function initPlugin(options: InitOptions): Promise<InitResult> {
  // Beside the folder to be, so that the last step is one rename.
  const parent =
    options.out === undefined ? options.cwd : path.dirname(path.resolve(options.cwd, options.out));
  const draft = path.join(parent, `.px-init-${randomBytes(6).toString('hex')}`);
  const dist = path.join(draft, 'dist');
  try {
    await mkdir(draft, { recursive: true });
    const { origin, leftBehind } = await fetchSource(options.from, options.cwd, dist, options.cacheDir);
    const facts = await readSourceFacts(dist);
    const { manifest, idOrigin } = describePlugin(facts, options, origin);
    const notes = await writeTexts(draft, facts, manifest);
    const folder = path.resolve(options.cwd, options.out ?? defaultFolder(facts, manifest));
    await moveTo(draft, folder, options.force);
    return { folder, manifest, idOrigin, files: facts.files.length + 1, notes, leftBehind };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const defaultFolder = ({ packageJson }: SourceFacts, manifest: Manifest): string => {
  const name = typeof packageJson.name === 'string' ? packageJson.name : manifest.id;
  return `${name.replace(/^@/, '').replace(/[^\w.-]+/g, '-')}-${manifest.version}`;
};

async function writeTexts(
  draft: string,
  facts: SourceFacts,
  manifest: Manifest,
): Promise<InitResult['notes']> {
  const find = (pattern: RegExp) => facts.files.find((file) => pattern.test(file.path))?.path;
  const changes = find(/^(?:change|history)[a-z]*(?:\.md|\.markdown|\.txt)?$/i);
  const own = changes === undefined ? undefined : await readFile(path.join(draft, 'dist', changes), 'utf8');
  const log = changelog(manifest, own);
  const texts: Record<string, string> = {
    'manifest.json': manifestJson(manifest),
    'plugin.yaml': pluginYaml(manifest),
    'publish.yml': publishYml(manifest),
    'CHANGELOG.md': log,
    [HEALTH_SCRIPT]: healthScript,
  };
  for (const [name, text] of Object.entries(texts)) await writeFile(path.join(draft, name), text);
  const licence = find(/^(?:licen[cs]e|copying)(?:[.-][a-z.]+)?$/i);
  if (licence) await copyFile(path.join(draft, 'dist', licence), path.join(draft, 'LICENSE'));
  return own !== undefined && log === `${own.replace(/^\uFEFF/, '').trim()}\n` ? 'own' : 'generated';
}

/** Into an empty place, or with `force` into that of another folder. */
async function moveTo(draft: string, folder: string, force: boolean): Promise<void> {
  const there = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (there.length > 0 && !force)
    throw refusal('TARGET_TAKEN', `${folder} holds ${there.length} entries.`, folder);
  await mkdir(path.dirname(folder), { recursive: true });
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}
