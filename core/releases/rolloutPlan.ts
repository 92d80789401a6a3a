import { DAY, HOUR, MINUTE, formatDuration } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { limits } from '../limits';

/** All tenants: 10,000 basis points. */
export const EVERYONE = 10_000;

/** One step of a rollout: how many tenants, and how long to watch them before the next step. */
export interface RolloutStage {
  /** Share of tenants, 1 to 10,000 basis points. */
  basisPoints: number;
  durationMs: number;
  /** ISO time before which the stage does not begin. */
  startAt?: string;
}

export const rolloutTypes = ['immediate', 'gradual', 'standard', 'scheduled'] as const;
export type RolloutType = (typeof rolloutTypes)[number];

/**
 * What a stage must show before the next one begins. The first three make the table of `core/rollouts/verdict.ts`
 * stricter: where the table is stricter than they are, the table holds.
 */
export interface HealthGate {
  /** Tenants that must have reported, or half of a cohort that is too small for that; at least 20. */
  minReports: number;
  /** Share of failures that the 95 % Wilson interval must still reach, 0 to 1; at most 0.02. */
  maxFailureRate: number;
  /** Failures that condemn a version: 2, or 1 so that the first one does, without a second opinion. */
  minFailures: number;
  /** How often counters are read while a stage lasts, at most; failures are told of at once. */
  checkEveryMs: number;
  /** How long an inconclusive stage is held each time, and how often before people are called. */
  holdMs: number;
  maxHolds: number;
  /** How long a rollback may take before it is reported as late (ACC-08: five minutes). */
  rollbackDeadlineMs: number;
}

/** A rollout as data: the workflow carries it out and adds nothing. */
export interface RolloutPlan {
  type: RolloutType;
  stages: RolloutStage[];
  gate: HealthGate;
  allow: string[];
  deny: string[];
}

/**
 * `rolling_back` lasts from the withdrawal of the offer until every tenant is back; one that was `superseded` is
 * offered to nobody else, and who has the version keeps it.
 */
export const rolloutStates = [
  'active',
  'paused',
  'rolling_back',
  'rolled_back',
  'completed',
  'superseded',
] as const;
export type RolloutState = (typeof rolloutStates)[number];

export const defaultGate: HealthGate = {
  minReports: 20,
  maxFailureRate: 0.02,
  minFailures: 2,
  checkEveryMs: 30 * MINUTE,
  holdMs: 6 * HOUR,
  maxHolds: 4,
  rollbackDeadlineMs: 5 * MINUTE,
};

const stage = (percentage: number, days: number): RolloutStage => ({
  basisPoints: percentage * 100,
  durationMs: days * DAY,
});

/** The presets that the source documents name (RLO-02 to RLO-04). */
export const presetStages: Record<Exclude<RolloutType, 'scheduled'>, RolloutStage[]> = {
  immediate: [stage(100, 1)],
  gradual: [stage(10, 1), stage(25, 2), stage(50, 3), stage(100, 1)],
  standard: [stage(50, 2), stage(100, 1)],
};

/**
 * Everything that is wrong with a list of stages (RLO-06): shares rise strictly, the last one is
 * everyone, durations are not negative, start times do not go back.
 */
export function checkStages(stages: readonly RolloutStage[]): Problem[] {
  const at = (index: number) => `/rollout/stages/${index}`;
  const bad = (detail: string, index: number) => problem('ROLLOUT_PLAN_INVALID', detail, at(index));
  const found: Problem[] = [];
  if (stages.length === 0)
    found.push(problem('ROLLOUT_PLAN_INVALID', 'The rollout has no stages.', '/rollout/stages'));
  if (stages.length > limits.stages)
    found.push(
      problem(
        'ROLLOUT_PLAN_INVALID',
        `The rollout has ${stages.length} stages; at most ${limits.stages} are allowed.`,
        '/rollout/stages',
      ),
    );
  stages.forEach((each, index) => {
    const name = `Stage ${index + 1}`;
    const before = stages[index - 1];
    if (!(each.basisPoints > 0 && each.basisPoints <= EVERYONE)) {
      found.push(
        bad(
          `${name} offers to ${each.basisPoints / 100} % of tenants; it must be above 0 and at most 100.`,
          index,
        ),
      );
    }
    if (before && each.basisPoints <= before.basisPoints) {
      found.push(
        bad(
          `${name} (${each.basisPoints / 100} %) is not larger than the stage before it (${before.basisPoints / 100} %).`,
          index,
        ),
      );
    }
    if (!Number.isFinite(each.durationMs) || each.durationMs < 0) {
      found.push(bad(`${name} lasts ${each.durationMs} ms; a duration cannot be negative.`, index));
    } else if (each.durationMs > limits.stageMs) {
      found.push(
        bad(
          `${name} lasts ${each.durationMs} ms; the longest stage lasts ${limits.stageMs} ms (366 days).`,
          index,
        ),
      );
    }
    if (before?.startAt && each.startAt && Date.parse(each.startAt) < Date.parse(before.startAt)) {
      found.push(bad(`${name} starts at ${each.startAt}, before the stage that precedes it.`, index));
    }
  });
  const last = stages.at(-1);
  if (last && last.basisPoints < EVERYONE && found.length === 0) {
    found.push(
      bad(
        `The last stage offers to ${last.basisPoints / 100} % of tenants; it must offer to 100 %.`,
        stages.length - 1,
      ),
    );
  }
  return found;
}

/** What is wrong with a plan at this moment: a stage that begins later than the longest stage lasts. */
export function checkStartTimes(stages: readonly RolloutStage[], now: Date): Problem[] {
  const latest = now.getTime() + limits.stageMs;
  return stages.flatMap(({ startAt }, index) => {
    if (!startAt || Date.parse(startAt) <= latest) return [];
    const detail = `Stage ${index + 1} starts at ${startAt}, more than 366 days from now.`;
    return [problem('ROLLOUT_PLAN_INVALID', detail, `/rollout/stages/${index}`)];
  });
}

/** "40 % for 6 s, then 100 % for 1 d": a plan in words. */
export const describeStages = (stages: readonly RolloutStage[]): string =>
  stages.map((each) => `${each.basisPoints / 100} % for ${formatDuration(each.durationMs)}`).join(', then ');
