import { canonicalJson } from '../canonicalJson';
import { problem, type Problem } from '../errors/errors';
import type { RolloutPlan } from '../releases/rolloutPlan';
import type { ReleaseState } from '../releases/state';
import {
  countResults,
  isQuorate,
  isUrgent,
  isVacant,
  type StageEvidence,
  type StageVerdict,
} from './verdict';

/** What is on record about a rollout when one of its steps is asked for. */
export interface RolloutFacts {
  versionId: string;
  state: ReleaseState;
  isListed: boolean;
  /** No version came before, so that its subscribers are still to come. */
  isFirstVersion: boolean;
  /** By a restriction: nobody may newly install it. */
  isWithheld: boolean;
  /** The plan that was recorded; null before. */
  plan: RolloutPlan | null;
  /** Stages that have begun, with the verdict of those that have ended. */
  stages: readonly { stage: number; verdict: StageVerdict | null; startedAt: Date }[];
}

/** Clocks of two workers may differ by this much. */
const CLOCK_TOLERANCE_MS = 1_000;

const missing = (versionId: string, step: string, reasons: readonly string[]): Problem[] =>
  reasons.map((reason) => problem('EVIDENCE_MISSING', `${step} of ${versionId} was refused: ${reason}.`));

const hasPassed = ({ stages }: RolloutFacts, stage: number): boolean =>
  stages.some((each) => each.stage === stage && (each.verdict === 'pass' || each.verdict === 'empty'));

/**
 * Why a stage may not begin: a rollout offers what is listed, by exactly the recorded plan, one stage after
 * the other. Nothing of this is believed on the word of the workflow that asks.
 */
export function checkStageStart(facts: RolloutFacts, asked: { stage: number; plan: unknown }): Problem[] {
  const { versionId, state, isListed, isWithheld, plan } = facts;
  const { stage } = asked;
  const reasons = [
    ...(isListed ? [] : ['the version is not listed']),
    ...(isWithheld ? ['the marketplace withholds the version'] : []),
    ...(state === 'rolling_out' ? [] : [`the release is ${state}`]),
    ...(plan && canonicalJson(plan) === canonicalJson(asked.plan) ? [] : ['this is not the recorded plan']),
    ...(plan?.stages[stage - 1] ? [] : ['the recorded plan has no such stage']),
    ...(stage === 1 || hasPassed(facts, stage - 1) ? [] : [`stage ${stage - 1} has not passed`]),
  ];
  return missing(versionId, `Stage ${stage}`, reasons);
}

/**
 * Why a stage may not end with a verdict. A verdict that leads on needs its time and its reports on record;
 * failures that arrived since it was judged are seen in the next one, and before the rollout completes.
 */
export function checkStageEnd(
  { versionId, plan, stages, isFirstVersion }: RolloutFacts,
  { stage, verdict, evidence }: { stage: number; verdict: StageVerdict; evidence: StageEvidence },
  now: Date,
): Problem[] {
  if (verdict === 'fail' || verdict === 'inconclusive') return [];
  const begun = stages.find((each) => each.stage === stage);
  const planned = plan?.stages[stage - 1];
  if (!plan || !begun || !planned)
    return missing(versionId, `The end of stage ${stage}`, ['it has not begun']);
  if (begun.verdict !== null) return [];
  const isEmpty = isVacant(evidence);
  const isProven = verdict === 'empty' ? isEmpty : isQuorate(evidence, plan.gate);
  const endsAt = begun.startedAt.getTime() + planned.durationMs - CLOCK_TOLERANCE_MS;
  const isEarly = (!isEmpty || isFirstVersion) && now.getTime() < endsAt;
  return missing(versionId, `The end of stage ${stage} as ${verdict}`, [
    ...(isProven ? [] : ['too few of its tenants have reported']),
    ...(isEarly ? ['its time is not over'] : []),
    ...(isOpen(evidence) ? ['the second opinion on it is not settled'] : []),
  ]);
}

const isOpen = ({ opinion }: StageEvidence): boolean => opinion !== undefined && opinion.state !== 'settled';

/**
 * Why a rollout may not complete: every stage of the recorded plan must have passed, and somebody must have run the
 * version where there is anybody. @param evidence of the last stage
 */
export function checkCompletion(facts: RolloutFacts, evidence: StageEvidence): Problem[] {
  const stages = facts.plan?.stages ?? [];
  const open = stages.map((_, index) => index + 1).filter((stage) => !hasPassed(facts, stage));
  const reasons = [
    ...(stages.length === 0 ? ['there is no recorded plan'] : []),
    ...(open.length === 0 ? [] : [`stage ${open.join(', ')} has not passed`]),
    ...(isUntried(evidence) ? ['nobody has run the version, as the hosts of all tenants could not'] : []),
  ];
  return missing(facts.versionId, 'The completion', reasons);
}

const isUntried = ({ total, totalLeftOut = 0 }: StageEvidence): boolean =>
  totalLeftOut > 0 && countResults(total) === 0;

/**
 * Whether a rollout whose stages have passed is to be judged again: failures were reported since, which condemn the
 * version or ask for a second opinion. Most installations having failed, it never completes.
 */
export const isReconsidered = ({ plan }: RolloutFacts, evidence: StageEvidence): boolean =>
  plan !== null && isUrgent(evidence, plan.gate);
