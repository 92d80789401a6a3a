import type { HealthGate, RolloutStage } from '../releases/rolloutPlan';
import { SECOND } from '../duration';

/** Counters kept while reports arrive; never a count over tenants at judging time. */
export interface InstallCounters {
  installed: number;
  failed: number;
  rolledBack: number;
}

/** What is known when a stage is judged. */
export interface StageEvidence {
  /** Tenants that this stage added and that upgrade by themselves. */
  cohort: number;
  stage: InstallCounters;
  /** Over all stages so far: a late failure of an earlier cohort counts as well. */
  total: InstallCounters;
}

/**
 * `pass` lets the next stage begin, `fail` rolls back, `inconclusive` holds, and `empty` means that
 * no tenant was in the cohort: the rollout goes on, but the stage is no evidence of anything.
 */
export const stageVerdicts = ['pass', 'fail', 'inconclusive', 'empty'] as const;
export type StageVerdict = (typeof stageVerdicts)[number];

const finished = (counters: InstallCounters): number => counters.installed + counters.failed;

/** One failure condemns a small cohort; a large one needs `minFailures` of them, so that one flake is none. */
function exceeds(counters: InstallCounters, cohort: number, gate: HealthGate): boolean {
  const enough = Math.min(gate.minFailures, Math.max(1, Math.ceil(cohort * gate.maxFailureRate)));
  return counters.failed >= enough && counters.failed / finished(counters) > gate.maxFailureRate;
}

/** Whether failures already exceed what the gate allows: no need to wait for the stage to end. */
export const isFailing = (evidence: StageEvidence, gate: HealthGate): boolean =>
  exceeds(evidence.stage, evidence.cohort, gate) || exceeds(evidence.total, evidence.cohort, gate);

/**
 * The verdict at the end of a stage. Silence is never a pass: `minReports` tenants must have told,
 * or half of a cohort that is too small for that.
 */
export function judgeStage(evidence: StageEvidence, gate: HealthGate): StageVerdict {
  if (isFailing(evidence, gate)) return 'fail';
  if (evidence.cohort === 0 && finished(evidence.stage) === 0) return 'empty';
  const needed = Math.max(1, Math.min(gate.minReports, Math.ceil(evidence.cohort / 2)));
  return finished(evidence.stage) >= needed ? 'pass' : 'inconclusive';
}

/** The pause between two evaluations of the counters in milliseconds: about ten a stage, at most two a second. */
export const getEvaluationIntervalMs = (stage: RolloutStage, gate: HealthGate): number =>
  Math.max(SECOND / 2, Math.min(gate.checkEveryMs, Math.ceil(stage.durationMs / 10)));
