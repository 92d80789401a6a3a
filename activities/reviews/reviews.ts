import type { Knex } from 'knex';
import { takeDecision } from '../../adapters/db/reviews/decisions';
import { alertSla, openReview } from '../../adapters/db/reviews/reviews';
import { withFailures } from '../failures';
import type { ReviewActivities } from './types';

/** The review queue's rows: opened, warned about, decided. */
export function createReviewActivities({ db, clock }: { db: Knex; clock: () => Date }): ReviewActivities {
  return withFailures<ReviewActivities>({
    openReview: async (input) => {
      const { openedAt, slaDeadline } = await openReview(db, input, clock());
      return { openedAt: openedAt.toISOString(), slaDeadline: slaDeadline.toISOString() };
    },
    alertSla: (input) => alertSla(db, input, clock()),
    takeDecision: ({ expected, ...input }) => takeDecision(db, { ...input, expected }, clock()),
  });
}
