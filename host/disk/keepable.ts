import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { limits } from '../../core/limits';
import { refusal } from '../../core/errors/errors';
import { getErrorCode } from '../../core/errors/thrown';
import { exists } from '../../platform/files/absence';
import { takeRightsBelow } from '../../platform/files/rights';
import type { PluginLayout } from './layout';

/** As long as the name of any backup, which is a version and a time. */
const LONGEST_NAME = 'x'.repeat(limits.version + '-20260101T000000000Z'.length);

/**
 * Looks whether a backup can hold what a health check left in the plugin's data, after the owner's rights on them
 * were taken back. Otherwise the next version would fail for what this one did.
 *
 * @throws Refusal with HEALTH_CHECK_FAILED
 */
export async function requireKeepable(plugin: PluginLayout): Promise<void> {
  try {
    await takeRightsBelow(plugin.data);
    const names = await readdir(plugin.data, { recursive: true });
    // Names that are no text are not found again.
    for (const name of names) await lstat(path.join(plugin.data, name));
    await requireShort(plugin, names);
  } catch (error) {
    const why = getErrorCode(error) ?? 'an unknown error';
    throw refusal(
      'HEALTH_CHECK_FAILED',
      `What the health check left in its data cannot be backed up (${why}).`,
    );
  }
}

/** The system itself says which path is too long for it, whether or not anything is there. */
async function requireShort({ backups }: PluginLayout, names: readonly string[]): Promise<void> {
  const longest = names.reduce(
    (long, name) => (Buffer.byteLength(name) > Buffer.byteLength(long) ? name : long),
    '',
  );
  await exists(path.join(backups, LONGEST_NAME, 'data', longest));
}
