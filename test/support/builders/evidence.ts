import type { StageEvidence } from '../../../core/rollouts/verdict';

/** What tenants reported of the only stage so far, unless `over` says otherwise. */
export function createEvidence(
  cohort: number,
  installed: number,
  failed: number,
  over: Partial<StageEvidence> = {},
): StageEvidence {
  const stage = { installed, failed, rolledBack: failed };
  return { cohort, totalCohort: cohort, stage, total: stage, ...over };
}
