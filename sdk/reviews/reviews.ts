import { randomUUID } from 'node:crypto';
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
import { unexpected } from '../http/problems';
import type { Query, Transport } from '../http/transport';

/** How long a package may take to arrive, in milliseconds; it has at most 2 GiB. */
const PACKAGE_TIMEOUT_MS = 3_600_000;

/** A package on its way: the digest that it must have, in lower-case hex, and its bytes. */
export interface ReviewedPackage {
  sha256: string;
  body: AsyncIterable<Buffer>;
}

/** Reads the review queue and decides; publishers tell reviewers more. */
export const reviewsClient = (transport: Transport) => ({
  /** The review queue, what is due first at the top. */
  list: (query: Query<typeof reviewQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.reviews, query }, reviewPageSchema),

  /** A review with the release that it is about. */
  read: (reviewQueueId: string) =>
    transport.json({ method: 'GET', path: fillPath(paths.review, { reviewQueueId }) }, reviewDetailSchema),

  /**
   * The bytes of the package that a review is about, with the digest that they must have; for the caller to
   * read to the end, and to check.
   *
   * @throws Refusal NOT_FOUND, or OBJECT_NOT_FOUND when the package is gone
   */
  async openPackage(reviewQueueId: string): Promise<ReviewedPackage> {
    const path = fillPath(paths.reviewPackage, { reviewQueueId });
    const signal = AbortSignal.timeout(PACKAGE_TIMEOUT_MS);
    const headers = { accept: 'application/octet-stream' };
    const reply = await transport.stream({ method: 'GET', path, headers, signal }, randomUUID());
    const { 'x-package-sha256': sha256 } = reply.headers;
    if (typeof sha256 !== 'string') throw unexpected(reply.origin, 'the answer names no digest');
    return { sha256, body: reply.body as AsyncIterable<Buffer> };
  },

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
