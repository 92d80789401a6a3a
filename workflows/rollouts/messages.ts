import { defineSignal } from '@temporalio/workflow';
import type { CommandReference } from '../../contracts/rollouts/messages';

/** Operators steer a rollout by these, each with the id of a recorded command; they go to the rollout's own workflow. */
export const pause = defineSignal<[CommandReference]>('pause');
export const resume = defineSignal<[CommandReference]>('resume');
export const abort = defineSignal<[CommandReference]>('abort');

/** Reports condemn the running stage: its counters are evaluated before the next evaluation is due. */
export const evaluate = defineSignal('evaluate');
