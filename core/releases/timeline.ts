import { PLATFORM } from '../ids';
import { plural } from '../plural';
import { describeStages, type RolloutPlan } from './rolloutPlan';
import type { ReleaseState } from './state';

/** What can be said on a release's timeline. */
export const timelineKinds = [
  'state',
  'upload_verified',
  'scan',
  'scan_held',
  'compatibility',
  'review_opened',
  'review_info',
  'sla',
  'decision',
  'notified',
  'rollout_planned',
  'stage_started',
  'stage_verdict',
  'stage_held',
  'rollout_paused',
  'rollout_resumed',
  'rollout_aborted',
  'offer_withdrawn',
  'install',
  'rolled_back_everywhere',
  'alert',
  'restricted',
  'restriction_lifted',
  'name_noted',
] as const;

export type TimelineKind = (typeof timelineKinds)[number];

/** An entry as it is written: a retried write has the same `key`, and is written once. */
export interface TimelineEntry {
  key: string;
  kind: TimelineKind;
  /** One sentence for people. */
  text: string;
  /** Who did it, as `<kind>:<id>`, or the platform. */
  actor: string;
  /** The same for programs. */
  data?: Record<string, unknown>;
}

/** What reaching a state means. */
const arrivals: Record<ReleaseState, string> = {
  draft: 'The release was created',
  uploading: 'The submission was accepted; the package can be uploaded',
  scanning: 'The upload is complete; the package is being scanned',
  in_review: 'Scanning is complete; the release is waiting for a reviewer',
  changes_requested: 'A reviewer requested changes',
  approved: 'A reviewer approved the release',
  scheduled: 'The release is scheduled',
  listed: 'The version is listed in the catalogue',
  rolling_out: 'The rollout is running',
  paused: 'The rollout is paused',
  completed: 'The rollout is complete; every tenant is offered the version',
  rolled_back: 'The version was rolled back',
  superseded: 'A newer version took the place of this one',
  rejected: 'The release was rejected',
  withdrawn: 'The release was withdrawn',
  quarantined: 'The release was quarantined',
  expired: 'The release expired',
  failed: 'The release failed',
};

/** One sentence about a change of state; a reason, when there is one, follows in its own words. */
export function describeTransition(from: ReleaseState, to: ReleaseState, reason?: string): string {
  const arrival = from === 'paused' && to === 'rolling_out' ? 'The rollout resumed' : arrivals[to];
  return reason ? `${arrival}: ${reason}` : `${arrival}.`;
}

/** Why a release ended, when nobody gave a reason of their own. */
export const endingReasons = {
  unverified: 'The package failed verification.',
  uploadAborted: 'Its publisher aborted the upload.',
  nameTaken: 'Its reservation of the plugin was over, and another publisher announced it.',
  unknownFailure: 'The release failed for an unknown reason.',
} as const;

/** The parts of the package did not all arrive before the deadline. */
export const describeExpiredUpload = (versionId: string): string =>
  `The upload of ${versionId} was not completed in time.`;

/** The uploaded package is the one that was announced. */
export const describeVerifiedUpload = (data: {
  files: number;
  bytes: number;
  fingerprint: string;
}): TimelineEntry => ({
  key: 'upload_verified',
  kind: 'upload_verified',
  text: `The package was verified: ${plural(data.files, 'file')}, signed with the key ${data.fingerprint}.`,
  actor: PLATFORM,
  data,
});

/** How the version will be rolled out, and what tenants would return to. */
export const describePlan = (
  { type, stages }: Pick<RolloutPlan, 'type' | 'stages'>,
  previousVersion: string | null,
  actor: string,
): TimelineEntry => ({
  key: 'rollout_planned',
  kind: 'rollout_planned',
  text: `The rollout is planned: ${describeStages(stages)}.`,
  actor,
  data: { type, stages, previousVersion },
});

/** How many tenants were notified of the listing. */
export const describeNotified = (notified: number): TimelineEntry => ({
  key: 'notified',
  kind: 'notified',
  text: `${plural(notified, 'subscribed tenant was', 'subscribed tenants were')} notified.`,
  actor: PLATFORM,
  data: { notified },
});
