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
