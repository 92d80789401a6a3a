import type { Knex } from 'knex';
import { toStages } from '../../../contracts/releases/rolloutInput';
import type { Submission } from '../../../contracts/workflowMessages';
import { problem, type Problem } from '../../../core/errors/errors';
import { versionIdOf } from '../../../core/ids';
import { isTerminal, releaseStates } from '../../../core/releases/state';
import { checkStages } from '../../../core/releases/rolloutPlan';
import { checkIncrement } from '../../../core/version';

/** Everything that the database knows against a submission, all at once. */
export async function findObjections(trx: Knex, submission: Submission, now: Date): Promise<Problem[]> {
  const { request } = submission;
  const standing = await readStanding(trx, submission);
  return [
    ...checkOwner(standing, submission),
    ...checkRequestId(standing, submission),
    ...checkKey(standing, submission, now),
    ...checkIncrement(request.version, request.channel, standing.versions),
    ...(request.rollout ? checkStages(toStages(request.rollout)) : []),
  ];
}

/** What the rules look at. */
interface Standing {
  owner: string | null;
  /** The version that the request id was used for. */
  usedFor: string | null;
  /** Of the signing key, where it is registered to the publisher. */
  key: { expiresAt: string | null; revokedAt: string | null } | null;
  /** Versions that count as the channel's: listed ones, and those on their way (a rejected one blocks nothing). */
  versions: string[];
}

const live = releaseStates.filter((state) => !isTerminal(state));

/** One statement, because the answer to a publish waits for it. */
async function readStanding(trx: Knex, { publisherId, request }: Submission): Promise<Standing> {
  const { pluginId, publishRequestId, artefact } = request;
  const fingerprint = artefact.signedBy?.toUpperCase() ?? '';
  const onTheirWay = trx('releases').whereIn('state', live).select('version_id');
  const versions = trx('versions')
    .where({ plugin_id: pluginId, channel: request.channel })
    .where((either) => void either.whereNotNull('listed_at').orWhereIn('id', onTheirWay))
    .select('version');
  const standing: unknown = await trx
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
  return standing as Standing;
}

/** A plugin id belongs to who first published it. */
function checkOwner({ owner }: Standing, { publisherId, request }: Submission): Problem[] {
  if (owner === null || owner === publisherId) return [];
  const detail = `The plugin ${request.pluginId} belongs to another publisher.`;
  return [problem('PUBLISHER_MISMATCH', detail, '/pluginId')];
}

/** A request id stands for one submission of one version, for good. */
function checkRequestId({ usedFor }: Standing, { request }: Submission): Problem[] {
  if (usedFor === null) return [];
  const of = usedFor === versionIdOf(request.pluginId, request.version) ? 'other content of ' : '';
  const detail = `publishRequestId ${request.publishRequestId} was used for ${of}${usedFor}.`;
  return [problem('REQUEST_ID_REUSED', detail, '/publishRequestId')];
}

function checkKey({ key }: Standing, { publisherId, request }: Submission, now: Date): Problem[] {
  const { signedBy } = request.artefact;
  const at = '/artefact/signedBy';
  if (!signedBy) return [problem('SIGNATURE_REQUIRED', `${request.artefact.fileName} is not signed.`, at)];
  const fingerprint = signedBy.toUpperCase();
  if (!key) {
    const detail = `The key ${fingerprint} is not registered to ${publisherId}.`;
    return [problem('SIGNATURE_UNKNOWN_KEY', detail, at)];
  }
  if (key.revokedAt) return [problem('SIGNATURE_KEY_REVOKED', `The key ${fingerprint} was revoked.`, at)];
  if (!key.expiresAt || new Date(key.expiresAt) > now) return [];
  return [problem('SIGNATURE_KEY_EXPIRED', `The key ${fingerprint} has expired.`, at)];
}
