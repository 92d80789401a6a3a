import type { SlaLevel } from '../../core/reviews/sla';

export interface OpenedReview {
  openedAt: string;
  slaDeadline: string;
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
