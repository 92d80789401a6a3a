import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import { isInstallable, releaseStates, type ReleaseState } from '../../../core/releases/state';
import { describeHold, versionHeld, type DistrustedKey } from '../../../core/rollouts/holds';
import { writeAudit } from '../audit/audit';
import { outboxKey, queueMessage } from '../notifications/outbox';
import { writeTimeline } from '../releases/timeline';
import { appendFeed } from './feed';

/** A version that nobody newly installs any more, with its release. */
export interface HeldVersion {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  publisherId: string;
  state: ReleaseState;
}

/**
 * Holds every listed version that a key signed: the feed says so, and the timeline of its release, the audit,
 * and notices to the publisher and the operators. What is installed stays; `abort` takes it back.
 */
export async function holdSignedVersions(
  trx: Knex.Transaction,
  key: DistrustedKey,
  origin: Origin,
  now: Date,
): Promise<HeldVersion[]> {
  const held: HeldVersion[] = await trx('versions')
    .join('releases', 'releases.version_id', 'versions.id')
    .where('versions.signed_by', key.fingerprint)
    .whereNotNull('versions.listed_at')
    .whereNull('versions.withdrawn_at')
    .whereIn('releases.state', releaseStates.filter(isInstallable))
    .orderBy('versions.listed_at', 'desc')
    .select({
      releaseId: 'releases.id',
      versionId: 'versions.id',
      pluginId: 'versions.plugin_id',
      version: 'versions.version',
      publisherId: 'releases.publisher_id',
      state: 'releases.state',
    });
  for (const each of held) await holdVersion(trx, each, key, origin, now);
  for (const [newest, ...older] of groupByPlugin(held)) await tell(trx, newest, key, older.length, now);
  return held;
}

async function holdVersion(
  trx: Knex.Transaction,
  { releaseId, versionId }: HeldVersion,
  key: DistrustedKey,
  origin: Origin,
  now: Date,
): Promise<void> {
  const changeKey = `hold:${releaseId}:${key.fingerprint}`;
  const rule = { salt: releaseId, basisPoints: 0, allow: [], deny: [] };
  const change = { key: changeKey, versionId, kind: 'hold' as const, rule, stage: 0, previousVersion: null };
  await appendFeed(trx, change, now);
  await writeTimeline(trx, releaseId, describeHold(key, origin.actor), now);
  const entry = { key: changeKey, action: 'version.hold', subject: versionId, ...origin };
  await writeAudit(trx, { ...entry, data: { ...key } }, now);
}

/** Newest first within each plugin. */
function groupByPlugin(held: readonly HeldVersion[]): [HeldVersion, ...HeldVersion[]][] {
  const groups = new Map<string, [HeldVersion, ...HeldVersion[]]>();
  for (const each of held) {
    const group = groups.get(each.pluginId);
    if (group) group.push(each);
    else groups.set(each.pluginId, [each]);
  }
  return [...groups.values()];
}

async function tell(
  trx: Knex.Transaction,
  version: HeldVersion,
  key: DistrustedKey,
  others: number,
  now: Date,
): Promise<void> {
  const { releaseId, publisherId } = version;
  const body = versionHeld(version, key, others);
  const occasion = `held:${key.fingerprint}`;
  for (const recipient of [
    { kind: 'publisher' as const, id: publisherId },
    { kind: 'operator' as const, id: 'operators' },
  ]) {
    const message = { key: outboxKey(occasion, releaseId, recipient.kind), recipient, releaseId, body };
    await queueMessage(trx, message, now);
  }
}
