import { activate } from '../disk/activeVersion';
import { findBackup, restoreData } from '../disk/backups';
import { exists } from '../../platform/files/absence';
import { moveDurably, removeTree } from '../../platform/files/durable';
import type { Facts } from '../disk/jobRecord';
import type { Layout, PluginLayout } from '../disk/layout';
import { replacedFolder } from './unpack';

export interface UndoOptions {
  facts: Facts | undefined;
  /** Whether the version may have run, so that its hand may be in the data. */
  ran: boolean;
  /** Where the data that are replaced are left; removed when absent. */
  keepDataAs?: string;
}

/**
 * Takes a version back: the link first, so that nobody meets the version any longer, then data, then
 * files (INS-08). It may be repeated after a crash at any line, and once it has ended it changes
 * nothing when repeated.
 */
export async function undo(
  layout: Layout,
  jobId: string,
  { facts, ran, keepDataAs }: UndoOptions,
): Promise<void> {
  const workspace = layout.workspace(jobId);
  if (facts) {
    const plugin = layout.plugin(facts.pluginId);
    await activate(plugin, facts.activeBefore);
    const backup = facts.backup === null ? undefined : await findBackup(plugin, facts.backup);
    if (ran && backup) await restoreData(plugin, backup, workspace, keepDataAs);
    await putVersionBack(plugin, facts, workspace);
    if (backup) await removeTree(backup.folder);
  }
  await removeTree(workspace);
}

async function putVersionBack(plugin: PluginLayout, facts: Facts, workspace: string): Promise<void> {
  const folder = plugin.version(facts.version);
  const replaced = replacedFolder(workspace);
  if (await exists(replaced)) {
    await removeTree(folder);
    await moveDurably(replaced, folder);
    return;
  }
  if (!facts.existed) await removeTree(folder);
}
