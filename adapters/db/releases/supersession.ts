import type { Knex } from 'knex';
import { hasReached, listNewer, type Progress } from '../../../core/releases/supersession';
import { findLatestRelease, type ReleaseRecord } from './record';
import { findWithholding } from './restrictions';

/** The newest version of a release's plugin and channel that takes its place; undefined where none does. */
export async function findSuccessor(
  knex: Knex,
  { pluginId, channel, version }: ReleaseRecord,
  progress: Progress,
): Promise<string | undefined> {
  const listed = await knex('versions')
    .where({ plugin_id: pluginId, channel })
    .whereNotNull('listed_at')
    .whereNull('withdrawn_at')
    .select('id', 'version');
  for (const other of listNewer(listed, version)) {
    const release = await findLatestRelease(knex, other.id);
    const stands = release !== undefined && hasReached(release.state, progress);
    // What nobody may install takes nobody's place.
    if (stands && !(await findWithholding(knex, release))) return other.version;
  }
  return undefined;
}
