import type { z } from 'zod';
import { fillPath, paths } from '../../contracts/paths';
import { finaliseReplySchema } from '../../contracts/releases/release';
import {
  decisionReplySchema,
  reviewDetailSchema,
  reviewPageSchema,
  type reviewQuerySchema,
} from '../../contracts/reviews/queue';
import type { reviewDecisionSchema, SubmitReview } from '../../contracts/reviews/review';
import type { Query, Transport } from '../http/transport';

/** Reads the review queue and decides; publishers tell reviewers more. */
export const reviewsClient = (transport: Transport) => ({
  /** The review queue, what is due first at the top. */
  list: (query: Query<typeof reviewQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.reviews, query }, reviewPageSchema),

  /** A review with the release that it is about. */
  read: (reviewQueueId: string) =>
    transport.json({ method: 'GET', path: fillPath(paths.review, { reviewQueueId }) }, reviewDetailSchema),

  /** Decides a review; the first decision wins, any further one is refused with REVIEW_CLOSED. */
  decide: (versionId: string, body: z.input<typeof reviewDecisionSchema>) =>
    transport.json(
      { method: 'PATCH', path: fillPath(paths.decision, { versionId }), body },
      decisionReplySchema,
    ),

  /** Adds information for the reviewer, while the review is not closed. */
  addInformation: (versionId: string, body: SubmitReview) =>
    transport.json(
      { method: 'POST', path: fillPath(paths.reviewInformation, { versionId }), body },
      finaliseReplySchema,
    ),
});
