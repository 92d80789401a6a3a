import type { Channel } from '../../contracts/plugin';
import type { Problem } from '../../core/errors/errors';
import type { Waiting } from '../../core/releases/checkTurns';
import type { ReleaseState } from '../../core/releases/state';
import type { Origin } from '../../contracts/audit/origin';
import type { Resumption, Submission } from '../../contracts/releases/messages';
import type { Receipt } from '../../contracts/releases/publish';

/**
 * What the activities of a release take and return. Every activity may run more than once; its effect
 * happens once.
 */

/** How long things may take. Data of the release, so a demonstration runs the same code in seconds. */
export interface ReleaseTimings {
  uploadTimeoutMs: number;
  slaMs: number;
  /** First pause before silent scanners run again; it doubles up to an hour. */
  scanRetryMs: number;
}

/** A registered release: the reply's receipt, and what the later stages need. */
export interface CheckedRelease {
  releaseId: string;
  versionId: string;
  pluginId: string;
  version: string;
  channel: Channel;
  publisherId: string;
  packageSha256: string;
  /** Who submitted and under which request; the actor of steps that nobody decides. */
  origin: Origin;
  receipt: Receipt;
  timings: ReleaseTimings;
  /** ISO time by which every part must be there. */
  uploadDeadline: string;
}

/** Where a release stands by its rows when a run begins. */
export interface Standing {
  state: ReleaseState;
  /** Another run had begun it: what was done is on record. */
  resumes: boolean;
}

export type RegisterReply =
  | { outcome: 'registered'; release: CheckedRelease; standing: Standing }
  /** The same submission was accepted before and its release has ended: only the receipt is repeated. */
  | { outcome: 'repeated'; receipt: Receipt }
  | { outcome: 'refused'; problems: Problem[] };

export type Checked = { outcome: 'ok' } | { outcome: 'refused'; problems: Problem[] };

export interface StateChange extends Origin {
  releaseId: string;
  from: ReleaseState;
  to: ReleaseState;
  reason?: string;
  problems?: Problem[];
}

/** `from`: the state that the release was withdrawn in. */
export type WithdrawReply =
  { outcome: 'withdrawn'; from: ReleaseState } | { outcome: 'refused'; problems: Problem[] };

/** Short database transactions inside the workflow task: the reply to a publish waits for them. */
export interface RegistrationActivities {
  registerRelease(submission: Submission): Promise<RegisterReply>;
  /** The release as it is on record, for a run that goes on where another was lost. */
  resumeRelease(resumption: Resumption): Promise<RegisterReply>;
}

export interface ReleaseActivities {
  /** `update … where state = from`; being at `to` already counts as done. */
  changeState(change: StateChange): Promise<void>;
  readState(releaseId: string): Promise<ReleaseState>;
  /** Withdraws a release where its row says that its publisher asked for it, unless it was listed or has ended. */
  withdrawRelease(releaseId: string): Promise<WithdrawReply>;
}

export interface UploadActivities {
  /** Whether every part is in the object store with its announced length. */
  checkParts(releaseId: string): Promise<Checked>;
  /** Who asked to end the upload, as the records say; null while nobody has. */
  readAbort(releaseId: string): Promise<Origin | null>;
  /** Joins the parts and checks length and SHA-256 of the whole, when it is the release's turn; heartbeats. */
  assemblePackage(releaseId: string): Promise<Checked | Waiting>;
  /** Signature, canonical form, integrity and manifest of the stored package, in its turn; heartbeats. */
  verifyUpload(releaseId: string): Promise<Checked | Waiting>;
  /** Removes parts, and the package too unless it was accepted. */
  discardUpload(input: { releaseId: string; keepPackage: boolean }): Promise<void>;
}

export interface ReleaseNoticeActivities {
  /** One notice to each subscribed tenant, in slices through the outbox; heartbeats. */
  notifySubscribers(releaseId: string): Promise<{ notified: number }>;
  /** Tells the publisher how the release ended when it was not listed. */
  notifyPublisher(input: {
    releaseId: string;
    outcome: 'rejected' | 'expired' | 'failed' | 'superseded';
  }): Promise<void>;
}
