import { setTimeout as sleep } from 'node:timers/promises';
import { findReview, isReviewOpen, listReviews } from '../../adapters/db/reviews/queue';
import { viewRelease } from '../../adapters/db/releases/view';
import { readRelease } from '../../adapters/db/releases/record';
import { z } from 'zod';
import { reviewDecisionSchema } from '../../contracts/reviews/review';
import {
  reviewQuerySchema,
  reviewPageSchema,
  reviewDetailSchema,
  decisionReplySchema,
} from '../../contracts/reviews/queue';
import type { Decision, DecisionReply } from '../../contracts/reviews/messages';
import { Refusal, refusal } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { byVersionId } from '../http/parameters';
import { visibleRelease } from '../releases/access';
import { documented, reply, route, type Route } from '../http/route';

const BASE = '/api/marketplace';

/** What reviewers do: look at the queue, look at a release, decide. */
export const reviewerRoutes = (at: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: `${BASE}/reviews`,
    access: 'review:read',
    summary: 'The review queue, what is due first at the top.',
    query: reviewQuerySchema,
    replies: { 200: documented('A page of reviews', reviewPageSchema) },
    async handle({ query: { state, ...page } }) {
      const { rows, next } = await listReviews(at.db, state, page);
      return reply(200, { reviews: rows, next });
    },
  }),
  route({
    method: 'get',
    path: `${BASE}/reviews/{reviewQueueId}`,
    access: 'review:read',
    summary: 'A review with the release that it is about.',
    params: z.object({ reviewQueueId: z.uuid() }),
    replies: { 200: documented('The review', reviewDetailSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { reviewQueueId } }) {
      const found = await findReview(at.db, reviewQueueId);
      if (!found) throw refusal('NOT_FOUND', `There is no review ${reviewQueueId}.`);
      const release = await viewRelease(at.db, await readRelease(at.db, found.releaseId));
      return reply(200, { review: found.entry, release });
    },
  }),
  route({
    method: 'patch',
    path: `${BASE}/plugins/{versionId}/review`,
    access: 'review:decide',
    summary: 'Approve or reject. The first decision wins; the reviewer is who the token says.',
    params: byVersionId,
    body: reviewDecisionSchema,
    replies: { 200: documented('Decided', decisionReplySchema) },
    refusals: ['REVIEW_CLOSED', 'REVIEW_DIGEST', 'REVIEW_OWN', 'RELEASE_NOT_FOUND'],
    async handle({ params: { versionId }, body, subject, origin }) {
      const { releaseId } = await visibleRelease(at, subject, versionId);
      const decision = { ...body, ...origin, reviewer: subject.id };
      return reply(200, await decideWhenOpen(at, { releaseId, versionId }, decision));
    },
  }),
];

/** How often, and how far apart, a review is asked again that the queue shows as open. */
const TRIES = 8;
const PAUSE_MS = 250;

/**
 * Brings a decision to the workflow. The queue shows a review as open a moment before the workflow
 * takes decisions, and a decided one a moment too long: while it does, "closed" is asked again.
 */
async function decideWhenOpen(
  at: RouteDependencies,
  { releaseId, versionId }: { releaseId: string; versionId: string },
  decision: Decision,
): Promise<DecisionReply> {
  const closed = refusal('REVIEW_CLOSED', `The review of ${versionId} is not open.`);
  for (let left = TRIES; ; left -= 1) {
    try {
      const taken = await at.workflows.decide(versionId, decision);
      if (taken) return taken;
      throw closed;
    } catch (error) {
      const isClosed = error instanceof Refusal && error.code === 'REVIEW_CLOSED';
      if (!isClosed || left === 0 || !(await isReviewOpen(at.db, releaseId))) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
