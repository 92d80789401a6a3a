import type { Problem } from '../core/errors/errors';
import type { ReleaseState } from '../core/releases/state';
import type { ScanResult } from '../core/scans/decision';
import type { ScanGroup, ScanPolicy } from '../core/scans/policy';
import type { SlaLevel } from '../core/reviews/sla';
import type { StageEvidence, StageVerdict } from '../core/rollouts/verdict';
import type { Receipt } from '../contracts/releases/publish';
import type { Origin, RolloutOrder, Submission } from '../contracts/workflowMessages';

/**
 * What each activity takes and gives: the border between order (workflows) and effect (activities).
 * Every activity may run more than once; its effect happens once.
 */

/** How long things may take. Data of the release, so a demonstration runs the same code in seconds. */
export interface ReleaseTimings {
  uploadTimeoutMs: number;
  slaMs: number;
  /** First pause before silent scanners are asked again; it doubles up to an hour. */
  scanRetryMs: number;
}

/** A registered release: the reply's receipt, and what the later stages need. */
export interface CheckedRelease {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  channel: string;
  publisherId: string;
  packageSha256: string;
  /** Who submitted and under which request; the actor of steps that nobody decides. */
  origin: Origin;
  receipt: Receipt;
  timings: ReleaseTimings;
}

export type RegisterReply =
  | { outcome: 'registered'; release: CheckedRelease }
  /** The same submission was accepted before and its release has ended: only the receipt is repeated. */
  | { outcome: 'repeated'; receipt: Receipt }
  | { outcome: 'refused'; problems: Problem[] };

export type Checked = { outcome: 'ok' } | { outcome: 'refused'; problems: Problem[] };

/** Which scanners run, in which order of groups: content first, then a trial installation. */
export interface ScannerPolicy extends ScanPolicy {
  group: ScanGroup;
}

/** At most a few sentences; the evidence is in the database. */
export type ScanSummary = ScanResult;

export interface StateChange extends Origin {
  releaseId: string;
  from: ReleaseState;
  to: ReleaseState;
  reason?: string;
  problems?: Problem[];
}

export interface OpenedReview {
  openedAt: string;
  slaDeadline: string;
}

export interface StageRef {
  releaseId: string;
  versionId: string;
  stage: number;
}

export interface StartedStage {
  startedAt: string;
  endsAt: string;
  /** Tenants that this stage adds and that upgrade by themselves. */
  cohort: number;
}

/** Short database transactions inside the workflow task: the reply to a publish waits for them. */
export interface RegistrationActivities {
  registerRelease(submission: Submission): Promise<RegisterReply>;
}

export interface ReleaseActivities {
  /** `update … where state = from`; being at `to` already counts as done. */
  changeState(change: StateChange): Promise<void>;
  listRelease(release: CheckedRelease): Promise<void>;
  planRollout(release: CheckedRelease): Promise<RolloutOrder>;
}

export interface UploadActivities {
  /** Whether every part is in the object store with its announced length. */
  checkParts(releaseId: string): Promise<Checked>;
  /** Joins the parts and checks length and SHA-256 of the whole; heartbeats. */
  assemblePackage(releaseId: string): Promise<Checked>;
  /** Signature, canonical form, integrity and manifest of the stored package; heartbeats. */
  verifyUpload(releaseId: string): Promise<Checked>;
  /** Removes parts, and the package too unless it was accepted. */
  discardUpload(input: { releaseId: string; keepPackage: boolean }): Promise<void>;
}

export interface ScanActivities {
  listScanners(): Promise<ScannerPolicy[]>;
  runScanner(input: { releaseId: string; scanner: string }): Promise<ScanSummary>;
  noteHeldScan(input: {
    releaseId: string;
    silent: string[];
    retryInMs: number;
    attempt: number;
  }): Promise<void>;
}

export interface ReviewActivities {
  openReview(input: { releaseId: string; slaMs: number }): Promise<OpenedReview>;
  alertSla(input: { releaseId: string; level: SlaLevel }): Promise<void>;
  recordDecision(input: {
    releaseId: string;
    decision: 'approve' | 'reject';
    reviewer: string;
    notes: string;
    requestId: string;
  }): Promise<void>;
}

export interface NotifyActivities {
  /** One notification a subscribed tenant, in slices through the outbox; heartbeats. */
  notifySubscribers(releaseId: string): Promise<{ notified: number }>;
  /** Tells the publisher how the release ended when it did not go well. */
  notifyPublisher(input: { releaseId: string; outcome: 'rejected' | 'expired' | 'failed' }): Promise<void>;
  /** Tells publisher and every tenant that took the version that it was taken back. */
  alertRollback(input: { releaseId: string; reason: string; remaining: number }): Promise<void>;
}

export interface RolloutActivities {
  /** One transaction: rollout row, stage row, feed row, audit row, timeline. */
  startStage(input: { order: RolloutOrder; stage: number }): Promise<StartedStage>;
  readEvidence(ref: StageRef): Promise<StageEvidence>;
  endStage(input: { ref: StageRef; verdict: StageVerdict; text: string }): Promise<void>;
  /** Writes a line about a held, paused, resumed or aborted rollout, with its audit row. */
  noteSteering(input: {
    ref: StageRef;
    kind: 'stage_held' | 'rollout_paused' | 'rollout_resumed' | 'rollout_aborted';
    text: string;
    origin: Origin;
    /** Counts steering events of this rollout, so that a retry lands on itself. */
    turn: number;
  }): Promise<void>;
  completeRollout(order: RolloutOrder): Promise<void>;
}

export interface RollbackActivities {
  /** One transaction: offer withdrawn, feed row, version withdrawn, audit, timeline. */
  withdrawOffer(input: { order: RolloutOrder; stage: number; reason: string; origin: Origin }): Promise<void>;
  /** Waits until no tenant reports the version as active; heartbeats; gives who is still left. */
  awaitEveryoneBack(input: { order: RolloutOrder; deadlineMs: number }): Promise<{ remaining: number }>;
  /** Marks the rollout as rolled back and says so on the timeline. */
  closeRollback(input: { order: RolloutOrder; remaining: number }): Promise<void>;
}
