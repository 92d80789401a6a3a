import type { SlaLevel } from '../../core/reviews/sla';
import type { Decision, DecisionToTake, TakenDecision } from '../../contracts/reviews/messages';
import type { CheckedRelease } from '../releases/types';

export interface OpenedReview {
  openedAt: string;
  slaDeadline: string;
  /** The decision that the release took before, if it did. */
  taken?: Decision;
}

/** Why a version is never listed. */
export type ListingEnd = { successor: string } | { withdrawn: true };

export interface ReviewActivities {
  openReview(input: { releaseId: string; slaMs: number }): Promise<OpenedReview>;
  /** Lists the version if package, scans and decision are on record under one digest; listed already, it stays so. Gives what holds it back: a restriction, or for good a newer version or its publisher's withdrawal. */
  listRelease(release: CheckedRelease): Promise<{ restriction: string } | ListingEnd | undefined>;
  alertSla(input: { releaseId: string; level: SlaLevel }): Promise<void>;
  /** Takes the decision that a message refers to, if the row of that id allows it; `expected` is what the message says. */
  takeDecision(input: DecisionToTake): Promise<TakenDecision>;
}
