import type { RolloutState } from '../releases/rolloutPlan';
import type { TimelineEntry } from '../releases/timeline';

/** What happens to a rollout apart from its plan; each is a timeline entry and an audit row. */
export type RolloutEventKind = 'stage_held' | 'rollout_paused' | 'rollout_resumed' | 'rollout_aborted';

/**
 * The state that an event puts the rollout in; undefined where it stays as it is. An abort is followed by
 * the withdrawal of the offer, which changes the state.
 */
export const stateAfterEvent: Record<RolloutEventKind, RolloutState | undefined> = {
  stage_held: undefined,
  rollout_paused: 'paused',
  rollout_resumed: 'active',
  rollout_aborted: undefined,
};

const steering = { rollout_paused: 'paused', rollout_resumed: 'resumed', rollout_aborted: 'aborted' };

/** What an operator did to the rollout; also the reason of the rollback that follows an abort. */
export const describeSteering = (kind: keyof typeof steering, actor: string): string =>
  `${actor} ${steering[kind]} the rollout.`;

/** The entry of an event; `sequence` counts the events of a rollout, so that a retry adds none. */
export const describeEvent = (event: {
  kind: RolloutEventKind;
  stage: number;
  text: string;
  actor: string;
  sequence: number;
}): TimelineEntry => {
  const { kind, stage, text, actor, sequence } = event;
  return { key: `rollout-event:${sequence}`, kind, text, actor, data: { stage } };
};
