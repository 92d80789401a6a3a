import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { InfraFailure } from '../terminal/failure';
import type { PxPlugin } from './pxPlugin';

/** A plugin folder that `px-plugin init` made, ready to be published. */
export interface PluginFolder {
  folder: string;
  pluginId: string;
  name: string;
  version: string;
  versionId: string;
  /** Name and version, as people say it. */
  title: string;
}

const manifestSchema = z.object({ id: z.string(), name: z.string(), version: z.string() });
const initSchema = z.object({ notes: z.enum(['own', 'generated']) });

/** Three stages of seconds; the same plan in days is what an author would write. */
const BATCHES = [40, 80, 100].map((percentage) => ({ percentage, wait: '6s' }));

/**
 * Makes the folder of a package or folder by `px-plugin init` and writes what its author would write:
 * the rollout, the release notes. One that is there from an earlier run stays as it is.
 */
export async function makePluginFolder(cli: PxPlugin, root: string, from: string): Promise<PluginFolder> {
  const folder = path.join(root, path.basename(from).replace(/[^\w.@-]+/g, '-'));
  if (!existsSync(path.join(folder, 'manifest.json'))) {
    await mkdir(root, { recursive: true });
    const { notes } = initSchema.parse(await cli.json('init', '--from', from, '--out', folder));
    const { name, version } = await readManifest(folder);
    await writeRollout(path.join(folder, 'publish.yml'));
    if (notes === 'generated') await writeNotes(folder, name, version);
  }
  const { id: pluginId, name, version } = await readManifest(folder);
  const [versionId, title] = [`${pluginId}@${version}`, `${name} ${version}`];
  return { folder, pluginId, name, version, versionId, title };
}

const readManifest = async (folder: string) =>
  manifestSchema.parse(JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')));

async function writeRollout(file: string): Promise<void> {
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(['channels', 0, 'rollout'], { batches: BATCHES });
  await writeFile(file, document.toString());
}

const writeNotes = (folder: string, name: string, version: string): Promise<void> =>
  writeFile(
    path.join(folder, 'CHANGELOG.md'),
    `# Changelog\n\n## ${version}\n\n- ${name} ${version}, as its authors published it on npm.\n`,
  );

const ANCHOR = /^( *)const next = \{/m;
const FAULT = `if (state.lastHealthyVersion && state.lastHealthyVersion !== version) throw new Error('data of ' + state.lastHealthyVersion + ' cannot be migrated');`;

/**
 * Plants a fault that only an upgrade shows: the health check refuses data of another version. A fresh
 * host has none, so the trial installation passes, and only the staged rollout can catch it.
 */
export async function plantFault({ folder }: PluginFolder): Promise<void> {
  const file = path.join(folder, 'dist', 'px-health.cjs');
  const script = await readFile(file, 'utf8');
  if (script.includes(FAULT)) return;
  const faulty = script.replace(ANCHOR, (line, indent: string) => `${indent}${FAULT}\n${line}`);
  if (faulty === script)
    throw new InfraFailure('demonstration', `${file} has no place for the fault`, 'start again with --fresh');
  await writeFile(file, faulty);
}
