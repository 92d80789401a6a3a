import type { Knex } from 'knex';
import { toStages } from '../../../contracts/releases/rolloutInput';
import type { Submission } from '../../../contracts/releases/messages';
import type { Problem } from '../../../core/errors/errors';
import { listObjections, type Standing } from '../../../core/releases/registration';
import { liveStates, uploadStates } from '../../../core/releases/state';
import { checkUploadQuota } from '../../../core/releases/uploadQuota';
import { formatVersionId } from '../../../core/ids';

/** Everything on record that speaks against a submission, all at once. */
export async function findObjections(trx: Knex, submission: Submission, now: Date): Promise<Problem[]> {
  const { publisherId, request } = submission;
  const { publishRequestId, pluginId, version, channel, rollout } = request;
  const { fileName, bytes, signedBy } = request.artefact;
  const stages = rollout && toStages(rollout);
  const artefact = { fileName, bytes, signedBy };
  const candidate = { publisherId, publishRequestId, pluginId, version, channel, ...artefact, stages };
  return listObjections(candidate, await readStanding(trx, submission), now);
}

/**
 * Whether a submission that was just written exceeds what its publisher may have open. Asked under the publisher's lock,
 * because two submissions at once do not see each other before.
 */
export async function findExcess(trx: Knex, { publisherId, request }: Submission): Promise<Problem[]> {
  const versionId = formatVersionId(request.pluginId, request.version);
  const others = openUploads(trx, publisherId).whereNot('versions.id', versionId);
  const { open }: Pick<Standing, 'open'> = await trx.select({ open: others }).first();
  return checkUploadQuota(publisherId, open, request.artefact.bytes);
}

/** Uploads of the publisher that have not ended, as JSON. */
const openUploads = (trx: Knex, publisherId: string) =>
  trx('releases')
    .join('versions', 'versions.id', 'releases.version_id')
    .where('releases.publisher_id', publisherId)
    .whereIn('releases.state', uploadStates)
    .select(
      trx.raw(`coalesce(json_agg(json_build_object('versionId', versions.id,
        'bytes', versions.package_bytes, 'deadline', releases.upload_deadline)), '[]')`),
    );

/** One statement, because the answer to a publish waits for it. */
async function readStanding(trx: Knex, { publisherId, request }: Submission): Promise<Standing> {
  const { pluginId, publishRequestId, artefact } = request;
  const fingerprint = artefact.signedBy?.toUpperCase() ?? '';
  const onTheirWay = trx('releases').whereIn('state', liveStates).select('version_id');
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
      open: openUploads(trx, publisherId),
    })
    .first();
  return standing;
}
