import { readEvidence } from '../../adapters/db/rollouts/evidence';
import { findListed } from '../../adapters/db/releases/listed';
import { markTold } from '../../adapters/db/installations/grants';
import { ingestReports } from '../../adapters/db/installations/reports';
import { findActiveStage, isAsking } from '../../adapters/db/rollouts/offers';
import type { Report } from '../../contracts/installations/reports';
import { formatVersionId } from '../../core/ids';
import { isUrgent } from '../../core/rollouts/verdict';
import { requestEvaluation } from '../rollouts/workflow';
import type { RouteDependencies } from '../http/dependencies';

/**
 * Takes a tenant's reports, and wakes the rollouts that they condemn, for which they ask for a second opinion or give
 * one, so that a bad version does not stay out until its counters are looked at anyway. Only reports that count wake
 * one. The reply does not wait for the workflow engine. What is about a version that was never listed leaves no row,
 * and stands in the way of no other report.
 */
export async function takeReports(
  deps: RouteDependencies,
  tenantId: string,
  reports: readonly Report[],
): Promise<{ accepted: number; repeated: number; ignored: number }> {
  const listed = await findListed(deps.db, [...new Set(reports.map(toVersionId))]);
  const known = reports.filter((report) => listed.has(toVersionId(report)));
  const ignored = reports.length - known.length;
  if (known.length === 0) return { accepted: 0, repeated: 0, ignored };
  const { accepted, repeated, counted } = await ingestReports(deps.db, tenantId, known, deps.now());
  const failed = new Set(known.filter(({ kind }) => kind === 'failed').map(toVersionId));
  for (const versionId of counted) {
    const isAwaited = failed.has(versionId) ? isUrgentNow(deps.db, versionId) : isAsking(deps.db, versionId);
    if (await isAwaited) requestEvaluationSoon(deps, tenantId, versionId);
  }
  return { accepted, repeated, ignored };
}

const toVersionId = ({ pluginId, version }: Report): string => formatVersionId(pluginId, version);

/** Whether failures ask for a verdict or a second opinion before the stage is looked at anyway. */
async function isUrgentNow(db: RouteDependencies['db'], versionId: string): Promise<boolean> {
  const active = await findActiveStage(db, versionId);
  if (!active) return false;
  return isUrgent(await readEvidence(db, { versionId, stage: active.stage }), active.gate);
}

function requestEvaluationSoon(deps: RouteDependencies, tenantId: string, versionId: string): void {
  requestEvaluation(deps.engine, versionId)
    .then(() => markTold(deps.db, tenantId, versionId))
    .catch((error: unknown) => {
      deps.logger.warn(
        { err: error, versionId },
        'the rollout could not be asked to evaluate; it does so by itself later',
      );
    });
}
