import type { Knex } from 'knex';
import { toStages } from '../../contracts/rollout';
import type { Submission } from '../../contracts/messages';
import { problem, type Problem } from '../../core/errors';
import { versionIdOf } from '../../core/ids';
import { isTerminal, releaseStates } from '../../core/releaseState';
import { checkStages } from '../../core/rolloutPlan';
import { checkIncrement } from '../../core/version';

/** Everything that the database knows against a submission, all at once. */
export async function findObjections(trx: Knex, submission: Submission, now: Date): Promise<Problem[]> {
  const { request } = submission;
  return [
    ...(await checkOwner(trx, submission)),
    ...(await checkRequestId(trx, submission)),
    ...(await checkKey(trx, submission, now)),
    ...checkIncrement(request.version, request.channel, await versionsOf(trx, submission)),
    ...(request.rollout ? checkStages(toStages(request.rollout)) : []),
  ];
}

/** A plugin id belongs to who first published it. */
async function checkOwner(trx: Knex, { publisherId, request }: Submission): Promise<Problem[]> {
  const owner: { publisher_id: string } | undefined = await trx('plugins')
    .where({ id: request.pluginId })
    .first('publisher_id');
  if (!owner || owner.publisher_id === publisherId) return [];
  const detail = `The plugin ${request.pluginId} belongs to another publisher.`;
  return [problem('PUBLISHER_MISMATCH', detail, '/pluginId')];
}

/** A request id stands for one submission of one version, for good. */
async function checkRequestId(trx: Knex, { publisherId, request }: Submission): Promise<Problem[]> {
  const { publishRequestId } = request;
  const used: { version_id: string } | undefined = await trx('releases')
    .where({ publisher_id: publisherId, publish_request_id: publishRequestId })
    .first('version_id');
  if (!used) return [];
  const of = used.version_id === versionIdOf(request.pluginId, request.version) ? 'other content of ' : '';
  const detail = `publishRequestId ${publishRequestId} was used for ${of}${used.version_id}.`;
  return [problem('REQUEST_ID_REUSED', detail, '/publishRequestId')];
}

interface KeyRow {
  expires_at: Date | null;
  revoked_at: Date | null;
}

async function checkKey(trx: Knex, { publisherId, request }: Submission, now: Date): Promise<Problem[]> {
  const { signedBy } = request.artefact;
  const at = '/artefact/signedBy';
  if (!signedBy) return [problem('SIGNATURE_REQUIRED', `${request.artefact.fileName} is not signed.`, at)];
  const fingerprint = signedBy.toUpperCase();
  const key: KeyRow | undefined = await trx('publisher_keys')
    .where({ fingerprint, publisher_id: publisherId })
    .first('expires_at', 'revoked_at');
  if (!key) {
    const detail = `The key ${fingerprint} is not registered to ${publisherId}.`;
    return [problem('SIGNATURE_UNKNOWN_KEY', detail, at)];
  }
  if (key.revoked_at) return [problem('SIGNATURE_KEY_REVOKED', `The key ${fingerprint} was revoked.`, at)];
  if (!key.expires_at || key.expires_at > now) return [];
  return [problem('SIGNATURE_KEY_EXPIRED', `The key ${fingerprint} has expired.`, at)];
}

const live = releaseStates.filter((state) => !isTerminal(state));

/** Versions that count as the channel's: listed ones, and those on their way (a rejected one blocks nothing). */
async function versionsOf(trx: Knex, { request }: Submission): Promise<string[]> {
  const onTheirWay = trx('releases').whereIn('state', live).select('version_id');
  const rows: { version: string }[] = await trx('versions')
    .where({ plugin_id: request.pluginId, channel: request.channel })
    .where((either) => void either.whereNotNull('listed_at').orWhereIn('id', onTheirWay))
    .select('version');
  return rows.map(({ version }) => version);
}
