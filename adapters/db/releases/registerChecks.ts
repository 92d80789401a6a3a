import type { Knex } from 'knex';
import { toStages } from '../../../contracts/releases/rolloutInput';
import type { Submission } from '../../../contracts/releases/messages';
import type { Problem } from '../../../core/errors/errors';
import { listObjections, type Standing } from '../../../core/releases/registration';
import { liveStates, uploadStates } from '../../../core/releases/state';
import { checkNameQuota } from '../../../core/releases/ownership';
import { lastTurn } from './nameTurns';
import { checkUploadQuota } from '../../../core/releases/uploadQuota';
import { formatVersionId } from '../../../core/ids';

/** Everything on record that speaks against a submission, all at once. */
export const findObjections = async (trx: Knex, submission: Submission, now: Date): Promise<Problem[]> =>
  judgeStanding(submission, await readStanding(trx, submission, now), now);

/** The same of what was read before. */
export function judgeStanding(submission: Submission, standing: Standing, now: Date): Problem[] {
  const { publisherId, request } = submission;
  const { publishRequestId, pluginId, version, channel, rollout } = request;
  const { fileName, bytes, signedBy } = request.artefact;
  const stages = rollout && toStages(rollout);
  const artefact = { fileName, bytes, signedBy };
  const candidate = { publisherId, publishRequestId, pluginId, version, channel, ...artefact, stages };
  return listObjections(candidate, standing, now);
}

/**
 * Whether a submission that was just written exceeds what its publisher may have open and reserved. Asked under the
 * publisher's lock, because two submissions at once do not see each other before.
 */
export async function findExcess(
  trx: Knex,
  { publisherId, request }: Submission,
  now: Date,
): Promise<Problem[]> {
  const { pluginId, version, artefact } = request;
  const others = openUploads(trx, publisherId).whereNot('versions.id', formatVersionId(pluginId, version));
  const { open, name, reserved }: Pick<Standing, 'open' | 'name' | 'reserved'> = await trx
    .select({ open: others, name: nameHold(trx, pluginId), reserved: reservedNames(trx, publisherId, now) })
    .first();
  return [
    ...checkUploadQuota(publisherId, open, artefact.bytes),
    ...checkNameQuota({ publisherId, pluginId }, name, reserved, now),
  ];
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

/** Whose a plugin is, as JSON. */
const nameHold = (trx: Knex, pluginId: string) =>
  trx('plugins')
    .where({ id: pluginId })
    .select(
      trx.raw(`json_build_object('owner', publisher_id, 'reservedUntil', reserved_until,
        'ownedSince', verified_at)`),
    );

/** Plugins that the publisher has reserved, as JSON. */
const reservedNames = (trx: Knex, publisherId: string, now: Date) =>
  trx('plugins')
    .where({ publisher_id: publisherId })
    .whereNull('verified_at')
    .where('reserved_until', '>', now)
    .select(trx.raw(`coalesce(json_agg(json_build_object('pluginId', id, 'until', reserved_until)), '[]')`));

/** What a submission is held against. One statement, because the answer to a publish waits for it. */
export async function readStanding(
  trx: Knex,
  { publisherId, request }: Submission,
  now: Date,
): Promise<Standing> {
  const { pluginId, publishRequestId, artefact } = request;
  const fingerprint = artefact.signedBy?.toUpperCase() ?? '';
  // What the publisher before has on its way is nothing of this one's.
  const onTheirWay = trx('releases')
    .where({ publisher_id: publisherId })
    .whereIn('state', liveStates)
    .select('version_id');
  // A rejected version blocks nothing.
  const versions = trx('versions')
    .where({ plugin_id: pluginId, channel: request.channel })
    .where((either) => void either.whereNotNull('listed_at').orWhereIn('id', onTheirWay))
    .select('version');
  const standing: Standing = await trx
    .select({
      name: nameHold(trx, pluginId),
      reserved: reservedNames(trx, publisherId, now),
      turn: lastTurn(trx, { publisherId, pluginId }),
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
