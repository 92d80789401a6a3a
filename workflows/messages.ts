import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type {
  Decision,
  DecisionReply,
  FinaliseReply,
  Origin,
  ReleaseStateView,
  SignalledDecision,
  StageMoved,
  StageView,
  StepView,
  Submission,
  SubmitReply,
} from '../contracts/workflowMessages';

/** Every signal, update and query has its one name here. */

/** Type of the failure of a `submit` that met a refused submission: submitting again starts afresh. */
export const SUBMIT_AGAIN = 'SubmitAgain';

export const submit = defineUpdate<SubmitReply, [Submission]>('submit');
export const finaliseUpload = defineUpdate<FinaliseReply, [Origin]>('finaliseUpload');
export const decide = defineUpdate<DecisionReply, [Decision]>('decide');

export const approve = defineSignal<[SignalledDecision]>('approve');
export const reject = defineSignal<[SignalledDecision]>('reject');

/** Operators steer a rollout by these; they go to the rollout's own workflow. */
export const pause = defineSignal<[Origin]>('pause');
export const resume = defineSignal<[Origin]>('resume');
export const abort = defineSignal<[Origin]>('abort');

/** Reports condemn the running stage: the counters are worth a look before it is due. */
export const look = defineSignal('look');

/** A rollout tells its release what it does, so that the release's own page shows it. */
export const stageMoved = defineSignal<[StageMoved]>('stageMoved');

export const stateQuery = defineQuery<ReleaseStateView>('state');
export const stageQuery = defineQuery<StageView | null>('stage');
export const timelineQuery = defineQuery<StepView[]>('timeline');
