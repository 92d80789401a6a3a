import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Origin } from '../../contracts/audit/origin';
import type {
  FinaliseReply,
  ReleaseStatus,
  StageChange,
  StageProgress,
  StatusEntry,
  Submission,
  SubmitReply,
} from '../../contracts/releases/messages';

/** Type of the failure of a `submit` that met a submission which was refused or has ended: submitting again starts afresh. */
export const SUBMIT_AGAIN = 'SubmitAgain';

export const submit = defineUpdate<SubmitReply, [Submission]>('submit');
export const finaliseUpload = defineUpdate<FinaliseReply, [Origin]>('finaliseUpload');
/** Carries nothing: whether the publisher asked for it is a row. */
export const abortUpload = defineUpdate<FinaliseReply, []>('abortUpload');

/** Ends a release that waits; carries nothing, for the same reason. */
export const withdraw = defineUpdate<FinaliseReply, []>('withdraw');

/** A rollout reports what it does to its release, so that the release's own page shows it. */
export const stageChanged = defineSignal<[StageChange]>('stageChanged');

export const stateQuery = defineQuery<ReleaseStatus>('state');
/** Both the release and its rollout answer it. */
export const stageQuery = defineQuery<StageProgress | null>('stage');
export const timelineQuery = defineQuery<StatusEntry[]>('timeline');
