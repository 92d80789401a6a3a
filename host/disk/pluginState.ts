import { z } from 'zod';
import { idText } from '../../contracts/bounds';
import { limits } from '../../core/limits';
import { publisherKeysSchema } from '../../contracts/identity/keys';
import { newest } from '../../core/version';
import { readIfPresent } from '../../platform/files/absence';
import { replaceFile } from '../../platform/files/durable';
import type { PluginLayout } from './layout';

const stateSchema = z.object({
  /** Whose packages are accepted under this plugin's id; set by the first one that was verified. */
  publisher: z.object({ publisherId: idText, keys: publisherKeysSchema.shape.keys }).nullable(),
  failed: z.array(idText).max(limits.list),
  hold: idText.nullable(),
});

/** What a host remembers of a plugin beside its files. */
export type PluginState = z.infer<typeof stateSchema>;

const EMPTY_STATE: PluginState = { publisher: null, failed: [], hold: null };

export async function readPluginState(plugin: PluginLayout): Promise<PluginState> {
  const text = await readIfPresent(plugin.state);
  return text === undefined ? EMPTY_STATE : stateSchema.parse(JSON.parse(text));
}

async function editPluginState(
  plugin: PluginLayout,
  edit: (state: PluginState) => Partial<PluginState>,
): Promise<void> {
  const state = await readPluginState(plugin);
  await replaceFile(plugin.state, JSON.stringify({ ...state, ...edit(state) }));
}

/** The version is not installed again automatically. */
export const rememberFailure = (plugin: PluginLayout, version: string): Promise<void> =>
  editPluginState(plugin, ({ failed }) => ({ failed: [...new Set([...failed, version])] }));

/** The version worked, so an earlier failure no longer counts. */
export const forgetFailure = (plugin: PluginLayout, version: string): Promise<void> =>
  editPluginState(plugin, ({ failed }) => ({ failed: failed.filter((each) => each !== version) }));

/** Only versions newer than all of these are installed automatically from now on. */
export const declineVersions = (plugin: PluginLayout, versions: readonly string[]): Promise<void> =>
  editPluginState(plugin, ({ hold }) => ({
    hold: newest([...versions, ...(hold === null ? [] : [hold])]) ?? null,
  }));

export const pinPublisher = (plugin: PluginLayout, publisher: PluginState['publisher']): Promise<void> =>
  editPluginState(plugin, () => ({ publisher }));
