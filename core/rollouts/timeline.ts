import { PLATFORM } from '../ids';
import { plural } from '../plural';
import type { TimelineEntry } from '../releases/timeline';

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
