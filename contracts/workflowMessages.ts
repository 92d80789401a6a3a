import type { Problem } from '../core/errors/errors';
import type { ReleaseState } from '../core/releases/state';
import type { RolloutPlan } from '../core/releases/rolloutPlan';
import type { PublishRequest, Receipt } from './releases/publish';

/** What travels into and out of workflows: plain JSON, never a Date, Map, BigInt or bytes. */

/** Who asked, and under which request: carried into every transition and audit row. */
export interface Origin {
  actor: string;
  requestId: string;
}

/** The input of a release: what the publisher sent, and who it is. */
export interface Submission extends Origin {
  publisherId: string;
  submissionDigest: string;
  /** New with every call, so that an answer says to which call it was given. */
  callId: string;
  request: PublishRequest;
}

export type SubmitReply =
  { outcome: 'accepted'; receipt: Receipt } | { outcome: 'refused'; problems: Problem[]; callId: string };

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

/** A rollout's order: the plan, and what each step needs to know. Stages count from 1. */
export interface RolloutOrder {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  channel: string;
  origin: Origin;
  salt: string;
  previousVersion: string | null;
  plan: RolloutPlan;
}

/** How a release ended. */
export interface ReleaseOutcome {
  state: ReleaseState;
  problems: Problem[];
}

export interface StageMoved {
  releaseState: ReleaseState;
  stage: StageView;
}

export interface StepView {
  at: string;
  text: string;
}
