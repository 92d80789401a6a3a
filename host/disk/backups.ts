import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { lineText } from '../../contracts/bounds';
import { refusal } from '../../core/errors/errors';
import { syncFolder } from '../../platform/files/durable';
import { exists, listNames, readIfPresent } from '../../platform/files/absence';
import { copyDurably, moveDurably, removeTree, replaceFile } from '../../platform/files/durable';
import { takeRights, takeRightsBelow } from '../../platform/files/rights';
import type { PluginLayout } from './layout';

const MARKER = 'complete.json';

const markerSchema = z.object({
  /** The version whose installation this backup precedes. */
  forVersion: lineText,
  /** What was active then; null when the plugin was not installed. */
  activeBefore: lineText.nullable(),
  at: lineText,
});

/** A backup whose marker is on disk. One without it was left by a crash. */
export interface Backup extends z.infer<typeof markerSchema> {
  name: string;
  folder: string;
}

/** A name that is the same however often the job is tried: `<version>-<time>`. */
export const backupName = (version: string, at: string): string => `${version}-${at.replace(/[-:.]/g, '')}`;

/** Copies the plugin's data and notes what was active. The marker comes last, after all else is on disk. */
export async function takeBackup(
  plugin: PluginLayout,
  name: string,
  marker: z.infer<typeof markerSchema>,
): Promise<Backup> {
  const folder = path.join(plugin.backups, name);
  await removeTree(folder);
  await mkdir(path.join(folder, 'data'), { recursive: true });
  if (await exists(plugin.data)) {
    // A plugin may have taken from its owner what copying needs.
    await takeRightsBelow(plugin.data);
    await copyDurably(plugin.data, path.join(folder, 'data'));
  }
  await replaceFile(path.join(folder, MARKER), JSON.stringify(marker));
  await syncFolder(plugin.backups);
  return { name, folder, ...marker };
}

/** The backup of that name if it is complete. */
export async function findBackup(plugin: PluginLayout, name: string): Promise<Backup | undefined> {
  const folder = path.join(plugin.backups, name);
  const text = await readIfPresent(path.join(folder, MARKER));
  if (text === undefined || !(await exists(path.join(folder, 'data')))) return undefined;
  return { name, folder, ...markerSchema.parse(JSON.parse(text)) };
}

/** @throws Refusal with INSTALL_BACKUP_MISSING when it is absent or incomplete (INS-04) */
export async function requireBackup(plugin: PluginLayout, name: string): Promise<Backup> {
  const backup = await findBackup(plugin, name);
  if (backup) return backup;
  throw refusal('INSTALL_BACKUP_MISSING', `${plugin.id} has no complete backup ${name}.`);
}

/**
 * The newest complete backup that was taken before `version` took the place of another. One from before
 * a reinstallation of the same version leads nowhere.
 */
export async function backupBefore(plugin: PluginLayout, version: string): Promise<Backup | undefined> {
  const found = await Promise.all((await listNames(plugin.backups)).map((name) => findBackup(plugin, name)));
  const ofVersion = found.filter((each) => each?.forVersion === version && each.activeBefore !== version);
  return ofVersion.sort((a, b) => (a?.at ?? '').localeCompare(b?.at ?? '')).at(-1);
}

/**
 * Puts the data of a backup back. May be repeated after a crash at any line: the backup stays as it is,
 * and the data are replaced by rename.
 *
 * @param workspace a folder of the job on the same disk
 * @param keepAs where to leave the data that are replaced; they are removed when absent
 */
export async function restoreData(
  plugin: PluginLayout,
  backup: Backup,
  workspace: string,
  keepAs?: string,
): Promise<void> {
  const fresh = path.join(workspace, 'restored-data');
  const replaced = path.join(workspace, 'replaced-data');
  await mkdir(workspace, { recursive: true });
  await removeTree(fresh);
  await copyDurably(path.join(backup.folder, 'data'), fresh);
  // Where an earlier try already set the data aside, what lies there now is only its copy.
  if (await exists(replaced)) await removeTree(plugin.data);
  else if (await exists(plugin.data)) await moveData(plugin.data, replaced);
  await moveData(fresh, plugin.data);
  if (keepAs && (await exists(replaced))) await leaveBehind(plugin, replaced, keepAs);
  await removeTree(replaced);
}

/** Only the latest is kept: it is there for a person who misses something, not as an archive. */
async function leaveBehind(plugin: PluginLayout, data: string, name: string): Promise<void> {
  await removeTree(plugin.leftBehind);
  await mkdir(plugin.leftBehind, { recursive: true });
  await moveData(data, path.join(plugin.leftBehind, name));
}

/** A folder that its owner may not write cannot be moved into another one. */
async function moveData(from: string, to: string): Promise<void> {
  await takeRights(from);
  await moveDurably(from, to);
}
