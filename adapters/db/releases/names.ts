import type { Knex } from 'knex';
import type { Submission } from '../../../contracts/releases/messages';
import { Refusal } from '../../../core/errors/errors';
import type { NameFinding } from '../../../core/releases/nameFindings';
import { takeTurn, type NameTurn } from '../../../core/releases/nameTurns';
import { belongsToAnother, type NameHold } from '../../../core/releases/ownership';
import { writeAudit } from '../audit/audit';
import { endSubscriptions } from '../notifications/subscriptions';
import { checkNames, toNameColumns } from './lookAlikes';
import type { ReleaseRecord } from './record';

/**
 * Locks the plugin of a submission, so that one is registered at a time, and says whose it is: the publisher's where
 * nobody had it. The merge writes what is there already; unlike a conflict that is ignored, it waits and locks.
 *
 * @param deadline of the upload that is announced
 */
export async function lockName(
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

/**
 * Takes a locked plugin for the publisher of a submission that nothing speaks against: over from another one whose
 * time is over, or for its own next upload.
 *
 * @param last the publisher's last turn with the id, read under the lock
 * @param deadline of the upload that is announced
 * @returns the number of the turn that the upload belongs to; null when it keeps nobody from the id
 */
export async function takeName(
  trx: Knex,
  submission: Submission,
  { name, last, deadline }: { name: NameHold; last: NameTurn | null; deadline: Date },
  now: Date,
): Promise<number | null> {
  const { publisherId, request } = submission;
  const { pluginId: id, manifest } = request;
  const { turn, reservedUntil } = takeTurn(name, last, deadline, now);
  if (name.owner !== publisherId) {
    await trx('plugins').where({ id }).update({ publisher_id: publisherId, name: manifest.name });
    await endSubscriptions(trx, id);
    await auditTaking(trx, submission, name.owner, now);
  }
  if (reservedUntil.getTime() !== new Date(name.reservedUntil).getTime())
    await trx('plugins').where({ id }).update({ reserved_until: reservedUntil });
  return turn;
}

async function auditTaking(
  trx: Knex,
  { publisherId, callId, request, actor, requestId }: Submission,
  from: string,
  now: Date,
): Promise<void> {
  const entry = { key: `plugin_taken:${callId}`, action: 'plugin.take', subject: request.pluginId };
  await writeAudit(trx, { ...entry, actor, requestId, data: { from, to: publisherId } }, now);
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
