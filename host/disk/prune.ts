import { rm } from 'node:fs/promises';
import path from 'node:path';
import { activeVersion, knownPlugins, versionsOnDisk } from './activeVersion';
import { backupBefore, findBackup } from './backups';
import { listNames } from '../../platform/files/absence';
import { removeTree } from '../../platform/files/durable';
import type { Layout, PluginLayout } from './layout';

/** The version that the active one replaced, if it is still on disk. */
export async function previousVersion(plugin: PluginLayout): Promise<string | null> {
  const active = await activeVersion(plugin);
  const backup = active === null ? undefined : await backupBefore(plugin, active);
  const before = backup?.activeBefore ?? null;
  return before !== null && (await versionsOnDisk(plugin)).includes(before) ? before : null;
}

/** Keeps the active version and the one before it, with the newest backup of each; the rest goes. */
export async function prunePlugin(plugin: PluginLayout): Promise<void> {
  const kept = [await activeVersion(plugin), await previousVersion(plugin)].filter((each) => each !== null);
  for (const version of await versionsOnDisk(plugin)) {
    if (!kept.includes(version)) await removeTree(plugin.version(version));
  }
  const backups = await Promise.all(kept.map((version) => backupBefore(plugin, version)));
  const keptNames = new Set(backups.map((backup) => backup?.name));
  for (const name of await listNames(plugin.backups)) {
    if (!keptNames.has(name)) await removeTree(path.join(plugin.backups, name));
  }
}

/** Removes what crashes left: workspaces of ended jobs, drafts of replaced files, backups without marker. */
export async function sweep(layout: Layout, openJobs: ReadonlySet<string>): Promise<void> {
  for (const name of await listNames(layout.staging)) {
    if (!openJobs.has(name)) await removeTree(path.join(layout.staging, name));
  }
  const plugins = (await knownPlugins(layout)).map((id) => layout.plugin(id));
  for (const folder of [layout.root, layout.outbox, ...plugins.map((plugin) => plugin.folder)]) {
    await removeDrafts(folder);
  }
  for (const plugin of plugins) await removeTornBackups(plugin);
}

/** Drafts carry a leading dot and random digits; nothing else in these folders does. */
async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await listNames(folder)).filter((name) => /^\..+\.[0-9a-f]{12}$/.test(name));
  for (const name of drafts) await rm(path.join(folder, name), { force: true });
}

async function removeTornBackups(plugin: PluginLayout): Promise<void> {
  for (const name of await listNames(plugin.backups)) {
    if (!(await findBackup(plugin, name))) await removeTree(path.join(plugin.backups, name));
  }
}
