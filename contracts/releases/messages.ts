import type { Problem } from '../../core/errors/errors';
import type { ReleaseState } from '../../core/releases/state';
import type { Origin } from '../audit/origin';
import type { PublishRequest, Receipt } from './publish';

/** What travels into and out of the release workflow: plain JSON, never a Date, Map, BigInt or bytes. */

/** The input of a release: what the publisher sent, and who it is. */
export interface Submission extends Origin {
  publisherId: string;
  submissionDigest: string;
  /** New with every call, so that an answer says to which call it was given. */
  callId: string;
  request: PublishRequest;
}

/** The input of a run that takes up a release which is on record: which one, and whose submission it answers for. */
export interface Resumption extends Pick<Submission, 'publisherId' | 'submissionDigest'> {
  /** The release's id. */
  resumes: string;
  request: Pick<PublishRequest, 'pluginId' | 'version' | 'channel' | 'publishRequestId'>;
}

/** A release begins with its submission; a run that was lost is taken up from rows. */
export type ReleaseStart = Submission | Resumption;

export type SubmitReply =
  { outcome: 'accepted'; receipt: Receipt } | { outcome: 'refused'; problems: Problem[]; callId: string };

export type FinaliseReply =
  { outcome: 'accepted'; state: ReleaseState } | { outcome: 'refused'; problems: Problem[] };

/** What a running release answers when it is asked for its state. */
export interface ReleaseStatus {
  state: ReleaseState;
  releaseId: string | undefined;
  waitingFor: string;
}

/** One entry of the list of statuses that a release has had. */
export interface StatusEntry {
  at: string;
  text: string;
}

/** How far a running rollout is. `nextStageAt` is when the running stage ends (RLO-11), unknown while paused or held. */
export interface StageProgress {
  stage: number;
  stages: number;
  basisPoints: number;
  startedAt: string | undefined;
  nextStageAt: string | undefined;
  state: string;
}

/** What a rollout reports to its release when a stage begins, pauses, goes on or ends. */
export interface StageChange {
  releaseState: ReleaseState;
  stage: StageProgress;
}

/** How a release ended. */
export interface ReleaseOutcome {
  state: ReleaseState;
  problems: Problem[];
}
