import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Problem } from '../core/errors';
import type { ReleaseState } from '../core/releaseState';
import type { PublishRequest, Receipt } from '../contracts/publish';

/** Every name and payload that crosses a workflow's border. Payloads are plain JSON. */

/** Who asked, and under which request: carried into every transition and audit row. */
export interface Origin {
  actor: string;
  requestId: string;
}

/** The input of a release: what the publisher sent, and who it is. */
export interface Submission extends Origin {
  publisherId: string;
  submissionDigest: string;
  request: PublishRequest;
}

export type SubmitReply =
  { outcome: 'accepted'; receipt: Receipt } | { outcome: 'refused'; problems: Problem[] };

export type FinaliseReply =
  { outcome: 'accepted'; state: ReleaseState } | { outcome: 'refused'; problems: Problem[] };

/** A person's decision. `reviewer` comes from the token; `packageSha256` is what they looked at. */
export interface Decision extends Origin {
  decision: 'approve' | 'reject';
  reviewer: string;
  notes: string;
  packageSha256: string;
}

export interface DecisionReply {
  decision: Decision['decision'];
  reviewer: string;
  state: ReleaseState;
}

export interface SignalledDecision extends Origin {
  reviewer: string;
  notes?: string;
}

export const submit = defineUpdate<SubmitReply, [Submission]>('submit');
export const finaliseUpload = defineUpdate<FinaliseReply, [Origin]>('finaliseUpload');
export const decide = defineUpdate<DecisionReply, [Decision]>('decide');

export const approve = defineSignal<[SignalledDecision]>('approve');
export const reject = defineSignal<[SignalledDecision]>('reject');

/** Operators steer a rollout by these; they go to the rollout's own workflow. */
export const pause = defineSignal<[Origin]>('pause');
export const resume = defineSignal<[Origin]>('resume');
export const abort = defineSignal<[Origin]>('abort');

export interface ReleaseStateView {
  state: ReleaseState;
  releaseId: string | undefined;
  waitingFor: string;
}

/** `nextStageAt` is when the running stage ends (RLO-11), unknown while paused or held. */
export interface StageView {
  stage: number;
  stages: number;
  basisPoints: number;
  startedAt: string | undefined;
  nextStageAt: string | undefined;
  state: string;
}

export interface StepView {
  at: string;
  text: string;
}

export const stateQuery = defineQuery<ReleaseStateView>('state');
export const stageQuery = defineQuery<StageView | null>('stage');
export const timelineQuery = defineQuery<StepView[]>('timeline');
