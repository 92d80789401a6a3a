import { z } from 'zod';
import { reviewDecisions, reviewStates } from '../../core/reviews/states';
import { sha256Schema } from '../releases/publish';

/** Body of `PATCH …/plugins/{versionId}/review`. The reviewer is who the token says, never a field. */
export const reviewDecisionSchema = z.strictObject({
  decision: z.enum(reviewDecisions),
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

/** The review of a release as the release's page shows it. */
export const reviewViewSchema = z.object({
  reviewQueueId: z.string(),
  state: z.enum(reviewStates),
  slaDeadline: z.iso.datetime().nullable(),
  decision: z.enum(reviewDecisions).nullable(),
  reviewer: z.string().nullable(),
  notes: z.string().nullable(),
});
