import { randomBytes } from 'node:crypto';
import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import path from 'node:path';
import { pluginIdSchema } from '../../contracts/plugin';
import { isVersion } from '../../core/version';
import { syncFolder } from '../../platform/files/durable';
import { listNames, ignoreAbsence } from '../../platform/files/absence';
import type { Layout, PluginLayout } from './layout';

/** The version that the plugin's link names, or null when the plugin is not installed. */
export async function activeVersion(plugin: PluginLayout): Promise<string | null> {
  const target = await ignoreAbsence(readlink(plugin.active));
  return target === undefined ? null : path.basename(target);
}

/**
 * Makes a version the active one, or none: one rename, so that a reader finds, at any time and
 * after any crash, the old version or the new one and nothing between.
 */
export async function activate(plugin: PluginLayout, version: string | null): Promise<void> {
  if (version === null) {
    await rm(plugin.active, { force: true });
    if ((await listNames(plugin.folder)).length > 0) await syncFolder(plugin.folder);
    return;
  }
  await mkdir(plugin.folder, { recursive: true });
  const draft = path.join(plugin.folder, `.active.${randomBytes(6).toString('hex')}`);
  try {
    // Relative, so that a data folder can be moved.
    await symlink(path.join('versions', version), draft);
    await rename(draft, plugin.active);
  } finally {
    await rm(draft, { force: true });
  }
  await syncFolder(plugin.folder);
}

/** Versions that are unpacked on this host. */
export const versionsOnDisk = async (plugin: PluginLayout): Promise<string[]> =>
  (await listNames(plugin.versions)).filter(isVersion);

/** Ids of the plugins that have a folder here, installed or not. */
export const knownPlugins = async (layout: Layout): Promise<string[]> =>
  (await listNames(layout.plugins)).filter((name) => pluginIdSchema.safeParse(name).success);
