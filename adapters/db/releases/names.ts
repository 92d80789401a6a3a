import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import { Refusal } from '../../../core/errors/errors';
import type { NameFinding } from '../../../core/releases/nameFindings';
import { belongsToAnother, endOfReservation, isFree, type NameHold } from '../../../core/releases/ownership';
import { writeAudit } from '../audit/audit';
import { endSubscriptions } from '../notifications/subscriptions';
import { checkNames, toNameColumns } from './lookAlikes';
import type { ReleaseRecord } from './record';

/**
 * Locks the plugin of a submission, so that one is registered at a time, and takes it for the publisher if nobody has
 * it or its reservation is over. A plugin that stays another publisher's is locked as it is.
 *
 * @param deadline of the upload that is announced
 */
export async function takeName(trx: Knex, submission: Submission, deadline: Date, now: Date): Promise<void> {
  const name = await lockName(trx, submission, deadline, now);
  if (name.owner === submission.publisherId || !isFree(name, now)) return;
  await takeOver(trx, submission, { deadline, from: name.owner }, now);
}

/** The merge writes what is there already; unlike a conflict that is ignored, it waits and locks. */
async function lockName(
  trx: Knex,
  { publisherId, request }: Submission,
  deadline: Date,
  now: Date,
): Promise<NameHold> {
  const { pluginId: id, manifest } = request;
  const row = { id, publisher_id: publisherId, name: manifest.name, created_at: now };
  const [held] = await trx('plugins')
    .insert({ ...row, reserved_until: deadline })
    .onConflict('id')
    .merge(['id'])
    .returning(['publisher_id', 'reserved_until', 'verified_at']);
  if (!held) throw new Error(`The plugin ${id} is not there after it was written.`);
  return { owner: held.publisher_id, reservedUntil: held.reserved_until, ownedSince: held.verified_at };
}

async function takeOver(
  trx: Knex,
  { publisherId, callId, request, actor, requestId }: Submission,
  { deadline, from }: { deadline: Date; from: string },
  now: Date,
): Promise<void> {
  const { pluginId: id, manifest } = request;
  const announced = await trx('versions')
    .join('releases', 'releases.version_id', 'versions.id')
    .where('versions.plugin_id', id)
    .where('releases.publisher_id', publisherId)
    .first('releases.id');
  const hasAnnounced = announced !== undefined;
  await trx('plugins')
    .where({ id })
    .update({
      publisher_id: publisherId,
      name: manifest.name,
      reserved_until: endOfReservation({ hasAnnounced, deadline }, now),
    });
  await endSubscriptions(trx, id);
  const key = `plugin_taken:${callId}`;
  const entry = { key, action: 'plugin.take', subject: id, actor, requestId };
  await writeAudit(trx, { ...entry, data: { from, to: publisherId } }, now);
}

/** A release whose package was verified, as far as its plugin's name is concerned. */
type VerifiedRelease = Pick<ReleaseRecord, 'pluginId' | 'publisherId' | 'manifest'>;

/**
 * Makes a plugin its publisher's for good, at the first upload of it that is verified. Whoever takes the name over
 * meanwhile waits for this transaction, or is waited for.
 *
 * @param reserved words that the operators reserve
 * @returns what a reviewer should know of the name, until a version of the plugin was listed
 * @throws Refusal PUBLISHER_MISMATCH when the plugin is another publisher's by now
 */
export async function keepName(
  trx: Knex,
  { pluginId, publisherId, manifest: { name } }: VerifiedRelease,
  reserved: readonly string[],
  now: Date,
): Promise<NameFinding[]> {
  const ofPlugin = { id: pluginId };
  const held = await trx('plugins').where(ofPlugin).forUpdate().first('publisher_id', 'verified_at');
  if (held?.publisher_id !== publisherId) throw new Refusal([belongsToAnother(pluginId)]);
  if (held.verified_at !== null) return readFindings(trx, pluginId);
  const plugin = { pluginId, publisherId, name };
  const findings = await checkNames(trx, plugin, reserved);
  await trx('plugins')
    .where(ofPlugin)
    .update({ name, verified_at: now, ...toNameColumns(plugin) });
  return findings;
}

/** What was found when the name was kept; nothing once a version was listed, as somebody has looked at it by then. */
async function readFindings(trx: Knex, pluginId: string): Promise<NameFinding[]> {
  const listed = await trx('versions').where({ plugin_id: pluginId }).whereNotNull('listed_at').first('id');
  if (listed) return [];
  const row = await trx('versions')
    .join('releases', 'releases.version_id', 'versions.id')
    .where('versions.plugin_id', pluginId)
    .whereNotNull('releases.verified_sha256')
    .orderBy('releases.submitted_at')
    .first('releases.name_findings');
  return row?.name_findings ?? [];
}
