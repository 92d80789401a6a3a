import { z } from 'zod';
import { readRelease } from '../../adapters/db/releases/record';
import { viewRelease } from '../../adapters/db/releases/view';
import { findReview, listReviews } from '../../adapters/db/reviews/queue';
import { addReviewInfo } from '../../adapters/db/reviews/reviews';
import { paths } from '../../contracts/paths';
import { toRolloutRequest } from '../../contracts/releases/rolloutInput';
import { finaliseReplySchema } from '../../contracts/releases/release';
import {
  decisionReplySchema,
  reviewDetailSchema,
  reviewPageSchema,
  reviewQuerySchema,
} from '../../contracts/reviews/queue';
import { reviewDecisionSchema, submitReviewSchema } from '../../contracts/reviews/review';
import { refusal } from '../../core/errors/errors';
import { isTerminal } from '../../core/releases/state';
import type { RouteDependencies } from '../http/dependencies';
import { byVersionId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';
import { findVisibleRelease } from '../releases/access';
import { decideReview } from './decide';
import { packageRoute } from './package';

/** The review queue, decisions, and what publishers tell reviewers. */
export const reviewRoutes = (deps: RouteDependencies): Route[] => [
  ...queueRoutes(deps),
  packageRoute(deps),
  decisionRoute(deps),
  informationRoute(deps),
];

const queueRoutes = ({ db }: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.reviews,
    access: 'review:read',
    summary: 'The review queue, what is due first at the top.',
    query: reviewQuerySchema,
    replies: { 200: documented('A page of reviews', reviewPageSchema) },
    async handle({ query: { state, ...page } }) {
      const { rows, next } = await listReviews(db, state, page);
      return reply(200, { reviews: rows, next });
    },
  }),
  route({
    method: 'get',
    path: paths.review,
    access: 'review:read',
    summary: 'A review with the release that it is about.',
    params: z.object({ reviewQueueId: z.uuid() }),
    replies: { 200: documented('The review', reviewDetailSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { reviewQueueId }, subject }) {
      const found = await findReview(db, reviewQueueId);
      if (!found) throw refusal('NOT_FOUND', `There is no review ${reviewQueueId}.`);
      const record = await readRelease(db, found.releaseId);
      const release = await viewRelease(db, record, subject);
      const requestedRollout = toRolloutRequest(record.rolloutInput ?? {});
      return reply(200, { review: found.entry, release, requestedRollout });
    },
  }),
];

const decisionRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'patch',
    path: paths.decision,
    access: 'review:decide',
    summary: 'Approve or reject. The first decision wins; the reviewer is who the token says.',
    params: byVersionId,
    body: reviewDecisionSchema,
    replies: { 200: documented('Decided', decisionReplySchema) },
    refusals: ['REVIEW_CLOSED', 'REVIEW_DIGEST', 'REVIEW_OWN', 'RELEASE_NOT_FOUND'],
    async handle({ params: { versionId }, body, subject, origin, inName }) {
      const { releaseId } = await findVisibleRelease(deps, subject, versionId);
      const decision = { ...body, ...origin, reviewer: subject.id };
      return reply(200, await decideReview(deps, { releaseId, versionId }, decision, inName));
    },
  });

const informationRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.reviewInformation,
    access: 'plugin:publish',
    summary: 'Tell the reviewer more.',
    params: byVersionId,
    body: submitReviewSchema,
    replies: { 202: documented('Added', finaliseReplySchema) },
    refusals: ['RELEASE_NOT_FOUND', 'REVIEW_CLOSED', 'REVIEW_INFORMATION_FULL'],
    async handle({ params, subject, body, origin }) {
      const { releaseId, versionId, state } = await findVisibleRelease(deps, subject, params.versionId);
      if (isTerminal(state)) throw refusal('REVIEW_CLOSED', `The review of ${versionId} is closed.`);
      await addReviewInfo(deps.db, { releaseId, ...body, origin }, deps.now());
      return reply(202, { versionId, state });
    },
  });
