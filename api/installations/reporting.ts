import { readEvidence } from '../../adapters/db/rollouts/evidence';
import { ingestReports } from '../../adapters/db/installations/reports';
import { findActiveStage } from '../../adapters/db/rollouts/offers';
import type { Report } from '../../contracts/installations/reports';
import { formatVersionId } from '../../core/ids';
import { isFailing } from '../../core/rollouts/verdict';
import { requestEvaluation } from '../rollouts/workflow';
import type { RouteDependencies } from '../http/dependencies';

/**
 * Takes a tenant's reports, and wakes the rollouts that they condemn, so that a bad version does not
 * stay out until its counters are looked at anyway. The reply does not wait for the workflow engine.
 */
export async function takeReports(
  deps: RouteDependencies,
  tenantId: string,
  reports: readonly Report[],
): Promise<{ accepted: number; repeated: number }> {
  const taken = await ingestReports(deps.db, tenantId, reports, deps.now());
  const failed = reports.filter(({ kind }) => kind === 'failed');
  const versionIds = new Set(failed.map(({ pluginId, version }) => formatVersionId(pluginId, version)));
  for (const versionId of versionIds) await evaluateIfFailing(deps, versionId);
  return taken;
}

async function evaluateIfFailing(deps: RouteDependencies, versionId: string): Promise<void> {
  const active = await findActiveStage(deps.db, versionId);
  if (!active) return;
  const evidence = await readEvidence(deps.db, { versionId, stage: active.stage });
  if (!isFailing(evidence, active.gate)) return;
  requestEvaluation(deps.engine, versionId).catch((error: unknown) => {
    deps.logger.warn(
      { err: error, versionId },
      'the rollout could not be asked to evaluate; it does so by itself later',
    );
  });
}
