import { PLATFORM } from '../ids';
import { plural } from '../plural';
import type { TimelineEntry } from '../releases/timeline';
import type { Judgement, StageEvidence, StageVerdict } from './verdict';

/** A stage has started; nobody in its cohort is said too, because such a stage proves nothing. */
export const describeStageStart = (
  started: { stage: number; stages: number; basisPoints: number; cohort: number; endsAt: string },
  actor: string,
): TimelineEntry => {
  const { stage, stages, basisPoints, cohort, endsAt } = started;
  const people = cohort === 0 ? 'no tenants in its cohort' : `${plural(cohort, 'tenant')} in its cohort`;
  return {
    key: `stage_started:${stage}`,
    kind: 'stage_started',
    text: `Stage ${stage} of ${stages} started: ${basisPoints / 100} % of tenants, ${people}.`,
    actor,
    data: { stage, basisPoints, cohort, endsAt },
  };
};

/** A stage as it was judged. */
export interface JudgedStage {
  stage: number;
  judgement: Judgement;
  evidence: StageEvidence;
}

/** The verdict on a stage with its numbers; where it failed also the reason of the rollback. */
export const describeVerdict = (judged: JudgedStage): string => `${formatVerdict(judged)}.`;

/** There is no verdict yet: the stage gets more time. */
export const describeHold = (judged: JudgedStage): string =>
  `${formatVerdict(judged)}; the stage is on hold.`;

/** There is still no verdict after the last hold: a person decides. */
export const describeOperatorNeeded = (judged: JudgedStage): string =>
  `${formatVerdict(judged)}; the rollout is waiting for an operator.`;

/** Nobody is offered the version, so that the stage would pass without evidence. */
export const describeWithheld = ({ stage }: JudgedStage): string =>
  `The marketplace withholds the version; stage ${stage} is waiting for an operator.`;

function formatVerdict({ stage, judgement, evidence }: JudgedStage): string {
  const numbers = formatNumbers(evidence);
  const words: Record<Judgement, string> = {
    pass: `passed (${numbers})`,
    fail: `failed (${numbers})`,
    inconclusive: `is inconclusive (${numbers})`,
    empty: 'had no tenant in its cohort and does not count as evidence',
    second_opinion: `waits for a second opinion (${numbers})`,
  };
  return `Stage ${stage} ${words[judgement]}`;
}

/** The stage's own numbers, and those of all stages where an earlier one failed somewhere. */
function formatNumbers({ cohort, leftOut = 0, stage, total }: StageEvidence): string {
  const out = leftOut === 0 ? '' : `, ${leftOut} left out because of their own hosts`;
  const own = `${stage.installed} installed, ${stage.failed} failed, ${cohort} in the cohort${out}`;
  if (total.failed === stage.failed) return own;
  return `${own}; ${total.installed} installed and ${total.failed} failed in all stages`;
}

/** The end of a stage; `text` is its verdict as {@link describeVerdict} says it. */
export const describeStageEnd = (ended: {
  stage: number;
  verdict: StageVerdict;
  text: string;
}): TimelineEntry => {
  const { stage, verdict, text } = ended;
  return {
    key: `stage_verdict:${stage}`,
    kind: 'stage_verdict',
    text,
    actor: PLATFORM,
    data: { stage, verdict },
  };
};

/** Nobody is offered the version any more. */
export const describeWithdrawal = (
  withdrawal: { stage: number; previousVersion: string | null; reason: string },
  actor: string,
): TimelineEntry => {
  const { previousVersion, reason } = withdrawal;
  const then = previousVersion ? `return to ${previousVersion}` : 'remove the version';
  return {
    key: 'offer_withdrawn',
    kind: 'offer_withdrawn',
    text: `The offer was withdrawn; tenants ${then}. ${reason}`,
    actor,
    data: { ...withdrawal },
  };
};

/** Whether every tenant is back, or how many are still missing. */
export function describeRollbackEnd(ended: {
  version: string;
  previousVersion: string | null;
  remaining: number;
}): TimelineEntry {
  const { version, previousVersion, remaining } = ended;
  return {
    key: 'rolled_back',
    kind: 'rolled_back_everywhere',
    text:
      remaining === 0
        ? `Every tenant ${previousVersion ? `is back on ${previousVersion}` : `has removed ${version}`}.`
        : `${describeRemaining(ended)} yet and will follow at the next poll.`,
    actor: PLATFORM,
    data: { remaining, previousVersion },
  };
}

const describeRemaining = (ended: { version: string; previousVersion: string | null; remaining: number }) =>
  ended.previousVersion
    ? `${plural(ended.remaining, 'tenant is', 'tenants are')} not back on ${ended.previousVersion}`
    : `${plural(ended.remaining, 'tenant has', 'tenants have')} not removed ${ended.version}`;

/** Who was notified of the rollback. */
export const describeAlert = (alerted: number): TimelineEntry => ({
  key: 'alert:rolled_back',
  kind: 'alert',
  text: `The publisher, the operators and ${plural(alerted, 'tenant')} were notified of the rollback.`,
  actor: PLATFORM,
  data: { alerted },
});
