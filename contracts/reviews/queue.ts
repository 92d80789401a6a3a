import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, longText, moment, shareOfTenants, urlText } from '../bounds';
import { reviewDecisions, reviewStates } from '../../core/reviews/states';
import { rolloutTypes } from '../../core/releases/rolloutPlan';
import { releaseStates } from '../../core/releases/state';
import { nextCursorSchema, pageQuerySchema } from '../paging';
import { channelSchema } from '../plugin';
import { nameFindingSchema } from '../releases/names';
import { releaseViewSchema } from '../releases/view';

export const queueEntrySchema = z.object({
  reviewQueueId: z.uuid(),
  versionId: idText,
  publishId: idText,
  pluginId: idText,
  name: lineText,
  version: idText,
  channel: channelSchema,
  publisherId: idText,
  state: z.enum(reviewStates),
  openedAt: moment.nullable(),
  slaDeadline: moment.nullable(),
  /** The highest SLA level that was reached: 0, 0.5, 0.75 or 1. */
  slaLevel: z.number().min(0).max(1),
  packageSha256: lineText,
  info: z
    .array(z.object({ info: longText, links: z.array(urlText).max(limits.reviewLinks), at: moment }))
    .max(limits.reviewInformation),
  nameFindings: z.array(nameFindingSchema).max(limits.details).default([]),
});
export type QueueEntry = z.infer<typeof queueEntrySchema>;

export const reviewQuerySchema = pageQuerySchema.extend({
  state: z.enum(reviewStates).default('open'),
});
export const reviewPageSchema = z.object({
  reviews: z.array(queueEntrySchema).max(limits.page),
  next: nextCursorSchema,
});
export type ReviewPage = z.infer<typeof reviewPageSchema>;

/** The rollout that follows an approval: what the publisher asks for, or the platform's standard. */
const requestedRolloutSchema = z.object({
  type: z.enum(rolloutTypes),
  stages: z
    .array(
      z.object({
        basisPoints: shareOfTenants,
        durationMs: z.number().min(0).max(limits.stageMs),
        startAt: lineText.optional(),
      }),
    )
    .max(limits.stages),
  /** Tenants that have it from the first stage on, and tenants that never get it. */
  allow: z.array(lineText).max(limits.tenantsListed),
  deny: z.array(lineText).max(limits.tenantsListed),
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
  reviewer: lineText,
  state: z.enum(releaseStates),
});
export type ReviewDecisionReply = z.infer<typeof decisionReplySchema>;
