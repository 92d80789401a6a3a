import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ignoreAbsence } from '../../platform/files/absence';
import type { Manifest } from '../../contracts/releases/manifest';
import { describePlugin, type DescribeOptions } from './describe';
import { HEALTH_SCRIPT, healthScript } from './healthScript';
import type { IdOrigin } from './pluginId';
import { fetchSource } from './source';
import { readSourceFacts, type SourceFacts } from './sourceFacts';
import { checkTarget, putInPlace } from './target';
import { changelog, manifestJson, pluginYaml, publishYml } from './texts';

export interface InitOptions extends DescribeOptions {
  /** A folder, or an npm package such as `name@1.2.3`. */
  from: string;
  cwd: string;
  /** The plugin folder to make; by default `<name>-<version>` in `cwd`. */
  out?: string | undefined;
  /** Replace what is there; it is kept beside. */
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
  /** Keeps what was in the folder's place. */
  backup: string | undefined;
}

/**
 * Makes a plugin folder of a folder or an npm package: manifest.json, plugin.yaml, publish.yml,
 * CHANGELOG.md, LICENSE, and under dist/ the files as they were, with a health check. The folder
 * appears complete or not at all, and what was in its place is kept.
 *
 * @throws Refusal TARGET_UNSAFE, TARGET_TAKEN before anything is written; SOURCE_UNREADABLE, SOURCE_FETCH
 */
export async function initPlugin(options: InitOptions): Promise<InitResult> {
  const { from, cwd, out, force } = options;
  const place = { cwd, force, source: await findFolder(path.resolve(cwd, from)) };
  const asked = path.resolve(cwd, out ?? ANY_NAME);
  await checkTarget({ ...place, folder: asked });
  // Beside the folder to be, so that the last step is one rename.
  const draft = path.join(path.dirname(asked), `.px-init-${randomBytes(6).toString('hex')}`);
  const dist = path.join(draft, 'dist');
  try {
    await mkdir(draft, { recursive: true });
    const { origin, leftBehind } = await fetchSource(from, cwd, dist, options.cacheDir);
    const facts = await readSourceFacts(dist);
    const { manifest, idOrigin } = describePlugin(facts, options, origin);
    const notes = await writeTexts(draft, facts, manifest);
    const folder = out === undefined ? path.resolve(cwd, defaultFolder(facts, manifest)) : asked;
    await checkTarget({ ...place, folder });
    const backup = await putInPlace(draft, folder);
    return { folder, manifest, idOrigin, files: facts.files.length + 1, notes, leftBehind, backup };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Stands for the folder whose name is not known before the source is read. */
const ANY_NAME = '.px-init';

const findFolder = async (folder: string): Promise<string | undefined> =>
  (await ignoreAbsence(stat(folder)))?.isDirectory() ? folder : undefined;

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
