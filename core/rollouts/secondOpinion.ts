import { HOUR, MINUTE } from '../duration';
import type { HealthGate, RolloutStage } from '../releases/rolloutPlan';
import { judgeStage, type StageEvidence } from './verdict';

/** So many further tenants must succeed before one failure among few is settled. */
export const FURTHER_SUCCESSES = 3;

/** So many tenants are asked at most; after that an operator is, however many are left. */
export const MOST_TURNS = 20;

/**
 * How long a tenant has its turn, in milliseconds: a tenth of the stage, between a minute and an hour, so that a host
 * that is switched off delays the next tenant and stops nobody.
 */
export const getTurnMs = ({ durationMs }: RolloutStage, { holdMs }: HealthGate): number =>
  Math.min(holdMs, HOUR, Math.max(MINUTE, Math.ceil(durationMs / 10)));

/** What is on record when a second opinion is looked at. */
export interface OpinionFacts {
  evidence: StageEvidence;
  /** Successes when it was opened. */
  installedBefore: number;
  /** Tenants that were asked so far. */
  turns: number;
  /** Until when a tenant that was asked, or was handed the package before, may answer; null where none is awaited. */
  waitsUntil: Date | null;
  /** An operator resumed the rollout after nobody was left to ask. */
  isResumed: boolean;
}

/** What a second opinion comes to next; `ask` becomes `exhaust` where nobody is left. */
export type OpinionStep = 'none' | 'open' | 'wait' | 'ask' | 'exhaust' | 'settle';

/** The next step of a second opinion, by what is on record: repeated on the same records it is the same. */
export function decideOpinion(facts: OpinionFacts, gate: HealthGate, now: Date): OpinionStep {
  const { evidence, installedBefore, turns, waitsUntil, isResumed } = facts;
  const { opinion, total } = evidence;
  const judgement = judgeStage(evidence, gate);
  if (!opinion) return judgement === 'second_opinion' ? 'open' : 'none';
  if (opinion.state === 'settled' || judgement === 'fail') return 'none';
  // So many others succeeded meanwhile that one failure is no reason to doubt.
  if (judgement !== 'second_opinion') return 'settle';
  if (total.installed - installedBefore >= FURTHER_SUCCESSES || isResumed) return 'settle';
  if (opinion.state === 'exhausted') return 'none';
  if (waitsUntil && waitsUntil > now) return 'wait';
  return turns >= MOST_TURNS ? 'exhaust' : 'ask';
}
