import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { Refusal, refusal, type Problem } from '../../core/errors/errors';
import type { Parsed } from '../../core/releases/precheckFacts';
import { manifestSchema, type Manifest } from '../../contracts/releases/manifest';
import { publishYmlSchema, type PublishYml } from '../../contracts/releases/publishYml';
import { collectFiles } from '../../pxp/collect';
import { CONTENT_ROOTS, LICENSE, MANIFEST, PLUGIN_YAML } from '../../pxp/format';
import { readChangelog, readSmallText } from './document';
import { parseFile, type InputFile } from './parseFile';

/** A plugin folder as it was found, with mistakes kept beside what could be read. */
export interface PluginFolder {
  root: string;
  manifest: Parsed<Manifest>;
  pluginYaml: Parsed<Manifest>;
  publishYml: Parsed<PublishYml>;
  changelog: string | undefined;
  /** Paths with `/`, relative to the root. */
  files: readonly string[];
  /** Why the files cannot be packed as they are. */
  fileProblems: readonly Problem[];
}

const manifestFile: InputFile<typeof manifestSchema> = {
  name: MANIFEST,
  schema: manifestSchema,
  invalid: 'MANIFEST_INVALID',
  missing: 'MANIFEST_MISSING',
};

const yamlFile: InputFile<typeof manifestSchema> = {
  name: PLUGIN_YAML,
  schema: manifestSchema,
  invalid: 'PLUGIN_YAML_INVALID',
  missing: 'PLUGIN_YAML_MISSING',
};

const publishFile: InputFile<typeof publishYmlSchema> = {
  name: 'publish.yml',
  schema: publishYmlSchema,
  invalid: 'PUBLISH_YML_INVALID',
  missing: 'PUBLISH_YML_INVALID',
};

/** Reads a plugin folder without judging it. @throws Refusal SOURCE_UNREADABLE when it is no folder */
export async function readPluginFolder(root: string): Promise<PluginFolder> {
  const stats = await stat(root).catch(() => undefined);
  if (!stats?.isDirectory()) throw refusal('SOURCE_UNREADABLE', `${root} is not a folder.`, root);
  const [manifest, pluginYaml, publishYml, changelog, packing] = await Promise.all([
    parseFile(root, manifestFile),
    parseFile(root, yamlFile),
    readPublishYml(root),
    readChangelog(root),
    readFiles(root),
  ]);
  return { root, manifest, pluginYaml, publishYml, changelog, ...packing };
}

/** Without a publish.yml everything has its default. */
async function readPublishYml(root: string): Promise<Parsed<PublishYml>> {
  const text = await readSmallText(root, publishFile.name);
  return text === undefined || text.trim() === '' ? { value: {} } : await parseFile(root, publishFile);
}

async function listFiles(root: string): Promise<string[]> {
  const folders = await Promise.all(CONTENT_ROOTS.map((name) => listFolder(root, name)));
  const single = (await readdir(root)).filter((name) => [MANIFEST, PLUGIN_YAML, LICENSE].includes(name));
  return [...single, ...folders.flat()].sort();
}

async function listFolder(root: string, name: string): Promise<string[]> {
  const entries = await readdir(path.join(root, name), { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
}

/** The packer's own judgement, but for the empty dist, which has a check of its own. */
async function readFiles(root: string): Promise<Pick<PluginFolder, 'files' | 'fileProblems'>> {
  try {
    return { files: (await collectFiles(root)).map((file) => file.path), fileProblems: [] };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const fileProblems = error.problems.filter((each) => each.code !== 'DIST_EMPTY');
    // The other checks still want to know what is there.
    return { files: await listFiles(root), fileProblems };
  }
}
