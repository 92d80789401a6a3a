import { z } from 'zod';
import { reviewDecisions, reviewStates } from '../../core/reviews/states';
import { rolloutTypes } from '../../core/releases/rolloutPlan';
import { releaseStates } from '../../core/releases/state';
import { nextCursorSchema, pageQuerySchema } from '../paging';
import { channelSchema } from '../plugin';
import { releaseViewSchema } from '../releases/view';

export const queueEntrySchema = z.object({
  reviewQueueId: z.uuid(),
  versionId: z.string(),
  publishId: z.string(),
  pluginId: z.string(),
  name: z.string(),
  version: z.string(),
  channel: channelSchema,
  publisherId: z.string(),
  state: z.enum(reviewStates),
  openedAt: z.iso.datetime().nullable(),
  slaDeadline: z.iso.datetime().nullable(),
  /** The highest SLA level that was reached: 0, 0.5, 0.75 or 1. */
  slaLevel: z.number(),
  packageSha256: z.string(),
  info: z.array(z.object({ info: z.string(), links: z.array(z.string()), at: z.iso.datetime() })),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

export const reviewQuerySchema = pageQuerySchema.extend({
  state: z.enum(reviewStates).default('open'),
});
export const reviewPageSchema = z.object({ reviews: z.array(queueEntrySchema), next: nextCursorSchema });
export type ReviewPage = z.infer<typeof reviewPageSchema>;

/** The rollout that follows an approval: what the publisher asks for, or the platform's standard. */
const requestedRolloutSchema = z.object({
  type: z.enum(rolloutTypes),
  stages: z.array(
    z.object({ basisPoints: z.number(), durationMs: z.number(), startAt: z.string().optional() }),
  ),
  /** Tenants that have it from the first stage on, and tenants that never get it. */
  allow: z.array(z.string()),
  deny: z.array(z.string()),
});

/** Everything that a decision is about: who approves, approves the rollout with the package. */
export const reviewDetailSchema = z.object({
  review: queueEntrySchema,
  release: releaseViewSchema,
  requestedRollout: requestedRolloutSchema,
});
export type ReviewDetail = z.infer<typeof reviewDetailSchema>;

export const decisionReplySchema = z.object({
  decision: z.enum(reviewDecisions),
  reviewer: z.string(),
  state: z.enum(releaseStates),
});
export type ReviewDecisionReply = z.infer<typeof decisionReplySchema>;
