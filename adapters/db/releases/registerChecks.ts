import type { Knex } from 'knex';
import { toStages } from '../../../contracts/releases/rolloutInput';
import type { Submission } from '../../../contracts/releases/messages';
import type { Problem } from '../../../core/errors/errors';
import { listObjections, type Standing } from '../../../core/releases/registration';
import { isTerminal, releaseStates } from '../../../core/releases/state';

/** Everything on record that speaks against a submission, all at once. */
export async function findObjections(trx: Knex, submission: Submission, now: Date): Promise<Problem[]> {
  const { publisherId, request } = submission;
  const { publishRequestId, pluginId, version, channel, rollout } = request;
  const { fileName, signedBy } = request.artefact;
  const stages = rollout && toStages(rollout);
  const candidate = { publisherId, publishRequestId, pluginId, version, channel, fileName, signedBy, stages };
  return listObjections(candidate, await readStanding(trx, submission), now);
}

const live = releaseStates.filter((state) => !isTerminal(state));

/** One statement, because the answer to a publish waits for it. */
async function readStanding(trx: Knex, { publisherId, request }: Submission): Promise<Standing> {
  const { pluginId, publishRequestId, artefact } = request;
  const fingerprint = artefact.signedBy?.toUpperCase() ?? '';
  const onTheirWay = trx('releases').whereIn('state', live).select('version_id');
  // A rejected version blocks nothing.
  const versions = trx('versions')
    .where({ plugin_id: pluginId, channel: request.channel })
    .where((either) => void either.whereNotNull('listed_at').orWhereIn('id', onTheirWay))
    .select('version');
  const standing: Standing = await trx
    .select({
      owner: trx('plugins').where({ id: pluginId }).select('publisher_id'),
      usedFor: trx('releases')
        .where({ publisher_id: publisherId, publish_request_id: publishRequestId })
        .select('version_id'),
      key: trx('publisher_keys')
        .where({ fingerprint, publisher_id: publisherId })
        .select(trx.raw(`json_build_object('expiresAt', expires_at, 'revokedAt', revoked_at)`)),
      versions: trx.raw('array(?)', [versions]),
    })
    .first();
  return standing;
}
