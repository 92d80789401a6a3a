import type { HealthGate, RolloutStage } from '../releases/rolloutPlan';
import { SECOND } from '../duration';
import type { OpinionState } from './opinionStates';
import { computeWilsonUpperBound } from './wilson';

/**
 * Counters kept while reports arrive; never a count over tenants at judging time. A tenant is either
 * `installed` or `failed`, never both; `rolledBack` says how many went back from either.
 */
export interface InstallCounters {
  installed: number;
  failed: number;
  rolledBack: number;
}

/** What is known when a stage is judged. */
export interface StageEvidence {
  /** Tenants that this stage adds, that subscribe, upgrade by themselves, and whose hosts can take the version. */
  cohort: number;
  /** The same over all stages so far. */
  totalCohort: number;
  /** Tenants of the stage that are in no cohort because of their own hosts. */
  leftOut?: number;
  /** The same over all stages so far. */
  totalLeftOut?: number;
  stage: InstallCounters;
  /** Over all stages so far: a late failure of an earlier cohort counts as well. */
  total: InstallCounters;
  /** There while a restriction withholds the version: what is reported meanwhile proves nothing of a stage. */
  isWithheld?: boolean;
  /** The second opinion on the version, if one was ever asked for. */
  opinion?: {
    state: OpinionState;
    /** ISO time until which the tenants that were asked may answer; missing while nobody is awaited. */
    until?: string;
  };
}

/**
 * `pass` lets the next stage begin, `fail` rolls back, `inconclusive` holds, and `empty` means that
 * the stage has no tenant at all: the rollout goes on, but the stage is no evidence of anything.
 */
export const stageVerdicts = ['pass', 'fail', 'inconclusive', 'empty'] as const;
export type StageVerdict = (typeof stageVerdicts)[number];

/** A verdict, or that it takes a second opinion to reach one. */
export type Judgement = StageVerdict | 'second_opinion';

/** What every version is held against. The settings of a health gate make it stricter, never laxer. */
const RULE = { maxFailureRate: 0.02, minFailures: 2, minReports: 20 };

/** Tenants that reported a result of the version's own. */
export const countResults = (counters: InstallCounters): number => counters.installed + counters.failed;

/** Whether so many failures leave no doubt that more fail than may: the Wilson bound of success is too low. */
function isDoubtful(counters: InstallCounters, gate: HealthGate): boolean {
  if (counters.failed === 0) return false;
  const least = 1 - Math.min(gate.maxFailureRate, RULE.maxFailureRate);
  return computeWilsonUpperBound(counters.installed, countResults(counters)) < least;
}

const isCondemned = (counters: InstallCounters, gate: HealthGate): boolean =>
  counters.failed >= Math.min(gate.minFailures, RULE.minFailures) && isDoubtful(counters, gate);

/** Whether enough tenants reported: `minReports` of them, or half of a cohort that is too small for that. */
export function isQuorate({ cohort, stage }: StageEvidence, gate: HealthGate): boolean {
  const results = countResults(stage);
  const half = Math.ceil(Math.max(cohort, results) / 2);
  return results >= Math.max(1, Math.min(Math.max(gate.minReports, RULE.minReports), half));
}

/**
 * Whether the stage has no tenant that may ever take the version. Those that are left out because of their own hosts
 * may: when those are mended they all install it, so they must not be passed over before anybody ran it.
 */
export const isVacant = ({ cohort, leftOut = 0 }: StageEvidence): boolean => cohort + leftOut === 0;

/** Whether at least every second result is a failure. */
const isHalf = ({ total }: StageEvidence): boolean => total.failed * 2 >= countResults(total);

/** One line of the table: what makes a judgement, as a rule and in words. */
interface VerdictRule {
  judgement: Judgement;
  when: string;
  then: string;
  holds: (evidence: StageEvidence, gate: HealthGate) => boolean;
}

/**
 * How a stage is judged: the first line that holds. n is the number of tenants that reported a result of
 * the version's own, f the number of failures among them; both of the stage and of all stages so far.
 * docs/rollouts.md shows this table.
 */
export const verdictTable: readonly VerdictRule[] = [
  {
    judgement: 'fail',
    when: 'f ≥ 2, and the 95 % Wilson upper bound of success is under 98 %: 2 of at most 27, 3 of at most 51, 4 of at most 78',
    then: 'The version is rolled back.',
    holds: ({ stage, total }, gate) => isCondemned(stage, gate) || isCondemned(total, gate),
  },
  {
    judgement: 'fail',
    when: 'f = 1, and the whole cohort is one tenant',
    then: 'The version is rolled back.',
    holds: (evidence, gate) =>
      isDoubtful(evidence.total, gate) && Math.max(evidence.totalCohort, countResults(evidence.total)) === 1,
  },
  {
    judgement: 'fail',
    when: 'f = 1 of n ≤ 2, and nobody is left to give a second opinion',
    then: 'The version is rolled back.',
    holds: (evidence, gate) =>
      isDoubtful(evidence.total, gate) &&
      isHalf(evidence) &&
      (evidence.opinion?.state ?? 'asking') !== 'asking',
  },
  {
    judgement: 'second_opinion',
    when: 'f = 1 of n ≤ 8, and the second opinion is not settled',
    then: 'The offer goes to one further tenant of the stage at a time. A second failure is a fail. After three successes the rollout goes on, and the operators are told of the tenant that failed. When nobody is left, an operator decides: resume or abort.',
    holds: ({ total, opinion }, gate) => isDoubtful(total, gate) && opinion?.state !== 'settled',
  },
  {
    judgement: 'empty',
    when: 'the time is over, no tenant is in the cohort or left out of it, and n = 0',
    then: 'The next stage begins; this one is no evidence.',
    holds: (evidence) => isVacant(evidence) && countResults(evidence.stage) === 0,
  },
  {
    judgement: 'pass',
    when: 'the time is over, and n ≥ 20 or half of the cohort',
    then: 'The next stage begins.',
    holds: isQuorate,
  },
  {
    judgement: 'inconclusive',
    when: 'otherwise; also where every tenant is left out because of its own host, and n = 0',
    then: 'The stage is held for more reports; after the last hold an operator is asked.',
    holds: () => true,
  },
];

/** The judgement at the end of a stage. Silence is never a pass. */
export const judgeStage = (evidence: StageEvidence, gate: HealthGate): Judgement =>
  verdictTable.find(({ holds }) => holds(evidence, gate))?.judgement ?? 'inconclusive';

/**
 * Whether there is something to do before the stage ends: failures condemn the version, or ask for a second opinion.
 */
export const isUrgent = (evidence: StageEvidence, gate: HealthGate): boolean =>
  ['fail', 'second_opinion'].includes(judgeStage(evidence, gate));

/** The pause between two evaluations of the counters in milliseconds: about ten a stage, at most two a second. */
export const getEvaluationIntervalMs = (stage: RolloutStage, gate: HealthGate): number =>
  Math.max(SECOND / 2, Math.min(gate.checkEveryMs, Math.ceil(stage.durationMs / 10)));
