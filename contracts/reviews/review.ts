import { z } from 'zod';
import { channelSchema } from '../releases/manifest';
import { sha256Schema } from '../releases/publish';

/** Body of `PATCH …/plugins/{versionId}/review`. The reviewer is who the token says, never a field. */
export const reviewDecisionSchema = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  notes: z.string().max(10_000).default(''),
  /** The package that the reviewer looked at; a decision on another one is refused. */
  packageSha256: sha256Schema,
});
export type ReviewDecisionInput = z.infer<typeof reviewDecisionSchema>;

/** Body of `POST …/plugins/{versionId}/submit-review`: more for the reviewer to read. */
export const submitReviewSchema = z.strictObject({
  info: z.string().min(1).max(10_000),
  links: z.array(z.url()).max(20).default([]),
});
export type SubmitReview = z.infer<typeof submitReviewSchema>;

export const queueEntrySchema = z.object({
  reviewQueueId: z.uuid(),
  versionId: z.string(),
  publishId: z.string(),
  pluginId: z.string(),
  name: z.string(),
  version: z.string(),
  channel: channelSchema,
  publisherId: z.string(),
  state: z.enum(['pending', 'open', 'decided']),
  openedAt: z.iso.datetime().nullable(),
  slaDeadline: z.iso.datetime().nullable(),
  /** The highest SLA level that was reached: 0, 0.5, 0.75 or 1. */
  slaLevel: z.number(),
  packageSha256: z.string(),
  info: z.array(z.object({ info: z.string(), links: z.array(z.string()), at: z.iso.datetime() })),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;
