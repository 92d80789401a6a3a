import type { Knex } from 'knex';
import { findTakenDecision, takeDecision } from '../../adapters/db/reviews/decisions';
import { listApproved } from '../../adapters/db/reviews/listing';
import { alertSla, openReview } from '../../adapters/db/reviews/reviews';
import { withFailures } from '../failures';
import type { ScannerPolicy } from '../scans/types';
import type { ReviewActivities } from './types';

export interface ReviewDeps {
  db: Knex;
  clock: () => Date;
  /** Whose results a listing needs. */
  scanners: readonly { policy: ScannerPolicy }[];
}

/** The review queue's rows: opened, warned about, decided. */
export function createReviewActivities({ db, clock, scanners }: ReviewDeps): ReviewActivities {
  const policies = scanners.map(({ policy }) => policy);
  return withFailures<ReviewActivities>({
    openReview: async (input) => {
      const { openedAt, slaDeadline } = await openReview(db, input, clock());
      const taken = await findTakenDecision(db, input.releaseId);
      const times = { openedAt: openedAt.toISOString(), slaDeadline: slaDeadline.toISOString() };
      return { ...times, ...(taken ? { taken } : {}) };
    },
    listRelease: ({ releaseId, origin: { requestId } }) =>
      listApproved(db, { releaseId, requestId }, policies, clock()),
    alertSla: (input) => alertSla(db, input, clock()),
    takeDecision: (input) => takeDecision(db, input, clock()),
  });
}
