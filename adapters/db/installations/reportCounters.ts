import type { Knex } from 'knex';
import { isResultOfVersion } from '../../../core/installations/results';
import { isOffered, type OfferRule } from '../../../core/rollouts/cohort';
import type { RowOf } from '../tables';
import type { NewReport } from './newReport';

/** The counter that a kind of report increments; health reports after an installation increment none. */
const counters: Partial<Record<NewReport['kind'], 'installed' | 'failed' | 'rolled_back'>> = {
  installed: 'installed',
  failed: 'failed',
  rolled_back: 'rolled_back',
};

type RolloutRow = Pick<
  RowOf<'rollouts'>,
  'version_id' | 'salt' | 'basis_points' | 'stage' | 'state' | 'plan'
>;

/**
 * Increments the counters that gates read. Only reports of tenants that subscribe and that the rollout
 * includes count, so that no other tenant can fail a release.
 */
export async function countReports(
  trx: Knex,
  tenantId: string,
  reports: readonly NewReport[],
): Promise<void> {
  const rollouts = await findRollouts(trx, reports);
  for (const report of reports) {
    const counter = counters[report.kind];
    const rollout = rollouts.get(report.versionId);
    if (!counter || !rollout || !isEvidence(report) || !counts(rollout, tenantId)) continue;
    await trx('rollout_stages')
      .where({ version_id: report.versionId, stage: Math.min(Math.max(1, report.stage), rollout.stage) })
      .increment(counter, 1);
  }
}

const isEvidence = (report: NewReport): boolean =>
  report.isFirst && report.isSubscribed && isResultOfVersion(report);

async function findRollouts(trx: Knex, reports: readonly NewReport[]): Promise<Map<string, RolloutRow>> {
  const versionIds = [...new Set(reports.map(({ versionId }) => versionId))];
  const rows = await trx('rollouts')
    .whereIn('version_id', versionIds)
    .select('version_id', 'salt', 'basis_points', 'stage', 'state', 'plan');
  return new Map(rows.map((row) => [row.version_id, row]));
}

/** While a version is rolled back its rule includes nobody, and reports of every tenant that had it count. */
function counts({ salt, basis_points: basisPoints, plan, state }: RolloutRow, tenantId: string): boolean {
  if (state === 'rolling_back' || state === 'rolled_back') return true;
  const rule: OfferRule = { salt, basisPoints, allow: plan.allow, deny: plan.deny };
  return isOffered(rule, tenantId);
}
