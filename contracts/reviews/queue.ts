import { z } from 'zod';
import { reviewDecisions, reviewStates } from '../../core/reviews/states';
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

export const reviewDetailSchema = z.object({ review: queueEntrySchema, release: releaseViewSchema });
export type ReviewDetail = z.infer<typeof reviewDetailSchema>;

export const decisionReplySchema = z.object({
  decision: z.enum(reviewDecisions),
  reviewer: z.string(),
  state: z.enum(releaseStates),
});
export type ReviewDecisionReply = z.infer<typeof decisionReplySchema>;
