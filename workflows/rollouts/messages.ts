import { defineSignal } from '@temporalio/workflow';
import type { Origin } from '../../contracts/audit/origin';

/** Operators steer a rollout by these; they go to the rollout's own workflow. */
export const pause = defineSignal<[Origin]>('pause');
export const resume = defineSignal<[Origin]>('resume');
export const abort = defineSignal<[Origin]>('abort');

/** Reports condemn the running stage: its counters are evaluated before the next evaluation is due. */
export const evaluate = defineSignal('evaluate');
