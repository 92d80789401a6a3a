import type { Knex } from 'knex';
import { countReport, type Counted } from '../../../core/installations/results';
import { isOffered, type OfferRule } from '../../../core/rollouts/cohort';
import type { RowOf } from '../tables';
import { findGrants } from '../rollouts/handed';
import { keepCounted } from './grants';
import type { CountedReport, NewReport } from './newReport';

type Told = Omit<NewReport, 'counted'>;

/**
 * What reports count, in the transaction of the tenant that sent them: something where it subscribes to the plugin and
 * was handed the package, by the one result that a tenant has of a version.
 */
export async function settleReports(trx: Knex.Transaction, reports: readonly Told[]): Promise<NewReport[]> {
  const subscribed = new Set(await trx('subscriptions').pluck('plugin_id'));
  const grants = await findGrants(trx, [...new Set(reports.map(({ versionId }) => versionId))]);
  const results = new Map<string, Counted>();
  const settled = reports.map((report): NewReport => {
    const grant = subscribed.has(report.pluginId) ? grants.get(report.versionId) : undefined;
    if (!grant) return { ...report, counted: undefined };
    const before = results.get(report.versionId) ?? grant;
    const { after, change } = countReport(before, report);
    if (after !== before) results.set(report.versionId, after);
    return { ...report, counted: { change, packageSha256: grant.package_sha256, stage: grant.stage } };
  });
  for (const [versionId, counted] of results) await keepCounted(trx, versionId, counted);
  return settled;
}

type RolloutRow = Pick<RowOf<'rollouts'>, 'salt' | 'basis_points' | 'stage' | 'state' | 'plan'> &
  Pick<RowOf<'versions'>, 'package_sha256'>;

/**
 * Moves the counters that gates read; returns the versions whose counters were moved. Only reports of tenants that the
 * rollout includes count, on the package that the version has, so that no other tenant can fail a release.
 */
export async function countReports(
  trx: Knex,
  tenantId: string,
  reports: readonly NewReport[],
): Promise<string[]> {
  const counted = reports.flatMap(({ versionId, counted: each }) =>
    each && isChange(each) ? [{ versionId, ...each }] : [],
  );
  const rollouts = await findRollouts(trx, counted);
  const moved = new Set<string>();
  for (const { versionId, change, packageSha256, stage } of counted) {
    const rollout = rollouts.get(versionId);
    if (rollout?.package_sha256 !== packageSha256 || !counts(rollout, tenantId)) continue;
    await trx('rollout_stages')
      .where({ version_id: versionId, stage: Math.min(Math.max(1, stage), rollout.stage) })
      .increment('installed', change.installed)
      .increment('failed', change.failed)
      .increment('rolled_back', change.rolledBack);
    moved.add(versionId);
  }
  return [...moved];
}

const isChange = ({ change }: CountedReport): boolean => Object.values(change).some((by) => by !== 0);

async function findRollouts(
  trx: Knex,
  reports: readonly { versionId: string }[],
): Promise<Map<string, RolloutRow>> {
  const rows: (RolloutRow & { version_id: string })[] = await trx('rollouts')
    .join('versions', 'versions.id', 'rollouts.version_id')
    .whereIn(
      'rollouts.version_id',
      reports.map(({ versionId }) => versionId),
    )
    .select({
      version_id: 'rollouts.version_id',
      salt: 'rollouts.salt',
      basis_points: 'rollouts.basis_points',
      stage: 'rollouts.stage',
      state: 'rollouts.state',
      plan: 'rollouts.plan',
      package_sha256: 'versions.package_sha256',
    });
  return new Map(rows.map((row) => [row.version_id, row]));
}

/** While a version is rolled back its rule includes nobody, and reports of every tenant that had it count. */
function counts({ salt, basis_points: basisPoints, plan, state }: RolloutRow, tenantId: string): boolean {
  if (state === 'rolling_back' || state === 'rolled_back') return true;
  const rule: OfferRule = { salt, basisPoints, allow: plan.allow, deny: plan.deny };
  return isOffered(rule, tenantId);
}
