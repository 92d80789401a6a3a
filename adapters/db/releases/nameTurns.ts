import type { Knex } from 'knex';
import { endOfVerificationWait } from '../../../core/releases/nameTurns';
import type { ReleaseRecord } from './record';

/** The last turn that a publisher had with a plugin id, as JSON; null when it had none. */
export const lastTurn = (
  trx: Knex,
  { publisherId, pluginId }: { publisherId: string; pluginId: string },
): Knex.QueryBuilder =>
  trx('releases')
    .join('versions', 'versions.id', 'releases.version_id')
    .where('versions.plugin_id', pluginId)
    .where('releases.publisher_id', publisherId)
    .whereNotNull('releases.name_turn')
    .groupBy('releases.name_turn')
    .orderBy('releases.name_turn', 'desc')
    .limit(1)
    .select(
      trx.raw(`json_build_object('number', releases.name_turn, 'begun', min(releases.submitted_at),
        'opened', min(releases.upload_deadline), 'ends', max(releases.upload_deadline))`),
    );

/** Keeps a plugin's id for an upload whose parts are all there, however long it waits for its verification. */
export async function holdForVerification(
  knex: Knex,
  { releaseId, pluginId, publisherId, uploadDeadline }: ReleaseRecord,
): Promise<void> {
  const inTurn = knex('releases').where({ id: releaseId }).whereNotNull('name_turn').select('id');
  const until = endOfVerificationWait(uploadDeadline);
  await knex('plugins')
    .where({ id: pluginId, publisher_id: publisherId, verified_at: null })
    .where('reserved_until', '<', until)
    .whereExists(inTurn)
    .update({ reserved_until: until });
}
