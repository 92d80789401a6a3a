import { Refusal } from '../../core/errors/errors';
import type { Client } from '../../sdk/client';
import type { PluginFolder } from '../input/pluginFolder';

/** Versions of the channel that count for the order: what was refused or failed leaves no mark. */
export async function listPublishedVersions(
  client: Client,
  { manifest }: PluginFolder,
  channel: string,
): Promise<string[]> {
  if (!('value' in manifest)) return [];
  try {
    const { versions } = await client.releases.listVersions(manifest.value.id);
    return versions
      .filter((each) => each.channel === channel && each.listedAt !== null)
      .map((each) => each.version);
  } catch (error) {
    // A plugin that was never published has no versions.
    if (error instanceof Refusal && NOT_THERE.has(error.code)) return [];
    throw error;
  }
}

const NOT_THERE = new Set(['NOT_FOUND', 'RELEASE_NOT_FOUND', 'ROUTE_NOT_FOUND']);
