import { formatDuration } from '../duration';
import { PLATFORM } from '../ids';
import type { TimelineEntry } from '../releases/timeline';
import type { SlaLevel } from './sla';

/** The review is open, and when a decision is due. */
export const describeOpenedReview = (slaMs: number, slaDeadline: string): TimelineEntry => ({
  key: 'review_opened',
  kind: 'review_opened',
  text: `The review is open; a decision is due within ${formatDuration(slaMs)}.`,
  actor: PLATFORM,
  data: { slaDeadline },
});

/** How much of the review's time has passed, in one sentence for operators and for the timeline. */
export const describeElapsed = (versionId: string, level: SlaLevel): string =>
  `${versionId} is waiting for a reviewer: ${level * 100} % of the review time has passed.`;

export const describeSla = (versionId: string, level: SlaLevel): TimelineEntry => ({
  key: `sla:${level}`,
  kind: 'sla',
  text: describeElapsed(versionId, level),
  actor: PLATFORM,
  data: { level },
});

/** Who decided what, with the notes that the reviewer left. */
export function describeDecision(decided: {
  decision: 'approve' | 'reject';
  reviewer: string;
  notes: string;
}): TimelineEntry {
  const { decision, reviewer, notes } = decided;
  const verb = decision === 'approve' ? 'approved' : 'rejected';
  return {
    key: 'decision',
    kind: 'decision',
    text: `${reviewer} ${verb} the release${notes ? `: ${notes}` : '.'}`,
    actor: `reviewer:${reviewer}`,
    data: { decision, reviewer, notes },
  };
}

/** Why a reviewer rejected the release, in the reviewer's own words where there are any. */
export const describeRejection = (notes: string): string => notes || 'A reviewer rejected the release.';

/** What the publisher tells the reviewer; `digest` is of what is told, so that the same is told once. */
export const describeReviewInfo = (
  data: { info: string; links: string[] },
  { actor, digest }: { actor: string; digest: string },
): TimelineEntry => ({
  key: `review_info:${digest}`,
  kind: 'review_info',
  text: 'The publisher added information for the reviewer.',
  actor,
  data,
});
