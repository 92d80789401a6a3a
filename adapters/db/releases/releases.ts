import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { Channel } from '../../../contracts/plugin';
import { newest, compareVersions } from '../../../core/version';
import { refusal, type Problem } from '../../../core/errors/errors';
import type { RolloutPlan } from '../../../core/releases/rolloutPlan';
import { describeNamed } from '../../../core/releases/nameFindings';
import { describePlan, type TimelineEntry } from '../../../core/releases/timeline';
import { writeAudit } from '../audit/audit';
import { keepName } from './names';
import type { ReleaseRecord } from './record';
import { writeTimeline } from './timeline';
import { inTransaction } from '../transaction';

interface Named {
  releaseId: string;
  versionId: string;
  origin: Origin;
}

/** Puts the version into the catalogue, once: a retry keeps the first time. */
export const listVersion = (knex: Knex, release: Named, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, origin } = release;
    await trx('versions').where({ id: versionId }).whereNull('listed_at').update({ listed_at: now });
    const key = `list:${releaseId}`;
    await writeAudit(trx, { key, action: 'version.list', subject: versionId, ...origin }, now);
  });

/** The version that tenants return to when `version` is taken back: the newest listed one before it. */
export async function findPreviousVersion(
  knex: Knex,
  { pluginId, channel, version }: { pluginId: string; channel: Channel; version: string },
): Promise<string | null> {
  const rows = await knex('versions')
    .where({ plugin_id: pluginId, channel })
    .whereNotNull('listed_at')
    .whereNull('withdrawn_at')
    .select('version');
  const earlier = rows.map((row) => row.version).filter((each) => compareVersions(each, version) < 0);
  return newest(earlier) ?? null;
}

/** A rollout as it was planned. */
export interface PlannedRollout {
  plan: RolloutPlan;
  previousVersion: string | null;
}

/** So many random bytes make the order of a rollout's tenants. */
const SALT_BYTES = 16;

/**
 * Records how the version will be rolled out, once, and says so on the timeline; a retry gets what is recorded. The salt
 * is drawn here and returned to nobody: each step of the rollout reads it from the row.
 */
export const recordPlan = (
  knex: Knex,
  { releaseId, origin, plan, previousVersion }: Named & PlannedRollout,
  now: Date,
): Promise<PlannedRollout> =>
  inTransaction(knex, async (trx) => {
    await trx('releases')
      .where({ id: releaseId })
      .whereNull('plan')
      .update({
        ...{ plan: JSON.stringify(plan), previous_version: previousVersion },
        rollout_salt: randomBytes(SALT_BYTES).toString('hex'),
      });
    const row = await trx('releases').where({ id: releaseId }).first('plan', 'previous_version');
    if (!row?.plan) throw refusal('RELEASE_NOT_FOUND', `There is no release ${releaseId}.`);
    const recorded = { plan: row.plan, previousVersion: row.previous_version };
    await writeTimeline(
      trx,
      releaseId,
      describePlan(recorded.plan, recorded.previousVersion, origin.actor),
      now,
    );
    return recorded;
  });

/**
 * Records that the release's package was verified, which makes the plugin its publisher's for good, and says so on the
 * timeline; and what a reviewer should know of the plugin's name.
 *
 * @param reserved words that the operators reserve
 * @throws Refusal PUBLISHER_MISMATCH when the plugin is another publisher's by now
 */
export const recordVerified = (
  knex: Knex,
  release: Pick<ReleaseRecord, 'releaseId' | 'pluginId' | 'publisherId' | 'manifest' | 'packageSha256'>,
  { entry, reserved }: { entry: TimelineEntry; reserved: readonly string[] },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, pluginId, packageSha256 } = release;
    const findings = await keepName(trx, release, reserved, now);
    await trx('releases')
      .where({ id: releaseId })
      .update({ verified_sha256: packageSha256, name_findings: JSON.stringify(findings) });
    await writeTimeline(trx, releaseId, entry, now);
    if (findings.length > 0) await writeTimeline(trx, releaseId, describeNamed(pluginId, findings), now);
  });

/** Why a release was refused or failed; empty while nothing speaks against it. */
export async function readProblems(knex: Knex, releaseId: string): Promise<Problem[]> {
  const row = await knex('releases').where({ id: releaseId }).first('problems');
  return row?.problems ?? [];
}
