import type { HealthGate } from './rolloutPlan';

/** Counters kept while reports arrive; never a count over tenants at judging time. */
export interface StageCounters {
  installed: number;
  failed: number;
  rolledBack: number;
}

/** Known tenants in the stage's cohort that subscribe to the plugin. */
export interface StageEvidence extends StageCounters {
  cohort: number;
}

/**
 * `pass` lets the next stage begin, `fail` rolls back, `inconclusive` holds, and `empty` means that
 * no tenant was in the cohort: the rollout goes on, but the stage is no evidence of anything.
 */
export type StageVerdict = 'pass' | 'fail' | 'inconclusive' | 'empty';

/** Finished installations, failed or not. */
const finished = (evidence: StageCounters): number => evidence.installed + evidence.failed;

/** Whether failures already exceed what the gate allows: no need to wait for the stage to end. */
export function isFailing(evidence: StageCounters, gate: HealthGate): boolean {
  return evidence.failed > 0 && evidence.failed / finished(evidence) > gate.maxFailureRate;
}

/** The verdict at the end of a stage. Silence is never a pass. */
export function judgeStage(evidence: StageEvidence, gate: HealthGate): StageVerdict {
  if (isFailing(evidence, gate)) return 'fail';
  if (evidence.cohort === 0 && finished(evidence) === 0) return 'empty';
  const needed = Math.max(1, Math.min(gate.minReports, evidence.cohort));
  return finished(evidence) >= needed ? 'pass' : 'inconclusive';
}

/** The verdict with its numbers, for the timeline. */
export function describeVerdict(verdict: StageVerdict, evidence: StageEvidence): string {
  const numbers = `${evidence.installed} installed, ${evidence.failed} failed, of ${evidence.cohort} in the cohort`;
  const words: Record<StageVerdict, string> = {
    pass: `passed (${numbers})`,
    fail: `failed (${numbers})`,
    inconclusive: `is inconclusive (${numbers}); holding`,
    empty: 'has no tenant in its cohort; it does not count as evidence',
  };
  return words[verdict];
}
