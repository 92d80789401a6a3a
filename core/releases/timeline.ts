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
] as const;

export type TimelineKind = (typeof timelineKinds)[number];

/** A line as it is written: `key` makes a retried write land on itself. */
export interface TimelineEntry {
  key: string;
  kind: TimelineKind;
  text: string;
  data?: Record<string, unknown>;
}
