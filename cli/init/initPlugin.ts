import { randomBytes } from 'node:crypto';
import { copyFile, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { exists, ignoreAbsence } from '../../platform/files/absence';
import type { Manifest } from '../../contracts/releases/manifest';
import type { Sandbox } from '../../host/sandbox/sandbox';
import { settleDependencies, type Dependencies, type DependencyChoice } from './dependencies';
import { describePlugin, type DescribeOptions } from './describe';
import { HEALTH_SCRIPT, healthScript } from './healthScript';
import type { IdOrigin } from './pluginId';
import { lazyRegistry, type Registry } from './registry';
import { fetchSource, type FetchedSource } from './source';
import { readSourceFacts, type SourceFacts } from './sourceFacts';
import { checkTarget, putInPlace } from './target';
import { changelog, manifestJson, pluginYaml, publishYml } from './texts';
import { tryOut, withReason, type Tried } from './tryOut';

export interface InitOptions extends DescribeOptions {
  /** A folder, or an npm package such as `name@1.2.3`. */
  from: string;
  cwd: string;
  /** The plugin folder to make; by default `<name>-<version>` in `cwd`. */
  out?: string | undefined;
  /** Replace what is there; it is kept beside. */
  force: boolean;
  cacheDir: string;
  dependencies: DependencyChoice;
  /** Where the new plugin is tried out; undefined: it is not, as nothing here would contain its code. */
  sandbox: Sandbox | undefined;
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
  /** Links of the source whose content was copied. */
  copiedLinks: string[];
  dependencies: Omit<Dependencies, 'needed' | 'secrets'>;
  /** What the health check came to, under what a host gives it; undefined where it was not run. */
  tried: Tried | undefined;
  /** Keeps what was in the folder's place. */
  backup: string | undefined;
}

/**
 * Makes a plugin folder of a folder or an npm package: manifest.json, plugin.yaml, publish.yml,
 * CHANGELOG.md, LICENSE, and under dist/ the files as they were, what they need at run time, and a health
 * check, which is tried out. The folder appears complete or not at all, and what was in its place is kept.
 *
 * @throws Refusal TARGET_UNSAFE, TARGET_TAKEN before anything is written; SOURCE_UNREADABLE, FILE_UNSAFE,
 *   SOURCE_FETCH, DEPENDENCY_UNRESOLVED; SandboxFailure when this machine could not try it out
 */
export async function initPlugin(options: InitOptions): Promise<InitResult> {
  const { from, cwd, out, force } = options;
  const place = { cwd, force, source: await findFolder(path.resolve(cwd, from)) };
  const asked = path.resolve(cwd, out ?? ANY_NAME);
  await checkTarget({ ...place, folder: asked });
  // Beside the folder to be, so that the last step is one rename.
  const draft = path.join(path.dirname(asked), `.px-init-${randomBytes(6).toString('hex')}`);
  try {
    await mkdir(draft, { recursive: true });
    const registry = lazyRegistry(options.cacheDir);
    const source = await fetchSource(from, cwd, path.join(draft, 'dist'), registry);
    const facts = await readSourceFacts(path.join(draft, 'dist'));
    const made = await fillDraft(draft, source, facts, options, registry);
    const folder = out === undefined ? path.resolve(cwd, defaultFolder(facts, made.manifest)) : asked;
    await checkTarget({ ...place, folder });
    const backup = await putInPlace(draft, folder);
    const { copiedLinks } = source;
    return { folder, ...made, files: facts.files.length + 1, copiedLinks, backup };
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** Everything of the plugin folder but the source's own files. */
async function fillDraft(
  draft: string,
  source: FetchedSource,
  facts: SourceFacts,
  options: InitOptions,
  registry: Registry,
) {
  const { manifest: described, idOrigin } = describePlugin(facts, options, source.origin);
  const { entry } = described.runtime;
  const settled = await settleDependencies({
    draft,
    source,
    facts,
    entry,
    choice: options.dependencies,
    registry,
  });
  const { needed, secrets, ...dependencies } = settled;
  const first = withProvided(described, dependencies.provided);
  const notes = await writeTexts(draft, facts, first);
  const { manifest, tried } = await settleHealth(draft, first, needed, options.sandbox);
  const leftBehind = [...source.leftBehind, ...secrets.map((file) => `node_modules/${file}`)];
  return { manifest, idOrigin, notes, leftBehind, dependencies, tried };
}

/** Where nothing can be tried, only what the entry visibly loads tells that it needs its host. */
async function settleHealth(
  draft: string,
  manifest: Manifest,
  needed: string | undefined,
  sandbox: Sandbox | undefined,
): Promise<{ manifest: Manifest; tried: Tried | undefined }> {
  if (sandbox) {
    const tried = await tryOut(draft, manifest, sandbox, (changed) => writeManifest(draft, changed));
    return { manifest: tried.notLoaded ? withReason(manifest, tried.notLoaded) : manifest, tried };
  }
  if (needed === undefined) return { manifest, tried: undefined };
  const changed = withReason(manifest, `it needs ${needed}, which its host provides`);
  await writeManifest(draft, changed);
  return { manifest: changed, tried: undefined };
}

const withProvided = (manifest: Manifest, provided: string[]): Manifest =>
  provided.length === 0 ? manifest : { ...manifest, runtime: { ...manifest.runtime, provided } };

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
  await writeManifest(draft, manifest);
  await writeFile(path.join(draft, 'publish.yml'), publishYml(manifest));
  await writeFile(path.join(draft, 'CHANGELOG.md'), log);
  // An author's own check stays.
  if (!(await exists(path.join(draft, HEALTH_SCRIPT))))
    await writeFile(path.join(draft, HEALTH_SCRIPT), healthScript);
  const licence = find(/^(?:licen[cs]e|copying)(?:[.-][a-z.]+)?$/i);
  if (licence) await copyFile(path.join(draft, 'dist', licence), path.join(draft, 'LICENSE'));
  return own !== undefined && log === `${own.replace(/^\uFEFF/, '').trim()}\n` ? 'own' : 'generated';
}

async function writeManifest(draft: string, manifest: Manifest): Promise<void> {
  await writeFile(path.join(draft, 'manifest.json'), manifestJson(manifest));
  await writeFile(path.join(draft, 'plugin.yaml'), pluginYaml(manifest));
}
