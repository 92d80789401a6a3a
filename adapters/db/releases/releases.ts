import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { Channel } from '../../../contracts/plugin';
import { newest, compareVersions } from '../../../core/version';
import type { Problem } from '../../../core/errors/errors';
import type { RolloutPlan } from '../../../core/releases/rolloutPlan';
import { isTerminal, releaseStates } from '../../../core/releases/state';
import { describePlan } from '../../../core/releases/timeline';
import { writeAudit } from '../audit/audit';
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

/** Says on the timeline how the version will be rolled out. */
export const notePlan = (
  knex: Knex,
  release: Named & { previousVersion: string | null; plan: RolloutPlan },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, origin, previousVersion, plan } = release;
    await writeTimeline(trx, releaseId, describePlan(plan, previousVersion, origin.actor), now);
  });

const live = releaseStates.filter((state) => !isTerminal(state));

/** Whether another release than this one still needs the version's package. */
export async function isPackageShared(
  knex: Knex,
  { releaseId, versionId }: { releaseId: string; versionId: string },
): Promise<boolean> {
  const other = await knex('releases')
    .where({ version_id: versionId })
    .whereNot({ id: releaseId })
    .whereIn('state', live)
    .first('id');
  return other !== undefined;
}

/** Why a release was refused or failed; empty while nothing speaks against it. */
export async function readProblems(knex: Knex, releaseId: string): Promise<Problem[]> {
  const row = await knex('releases').where({ id: releaseId }).first('problems');
  return row?.problems ?? [];
}
