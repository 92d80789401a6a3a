import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, longText, moment } from '../bounds';
import { reviewDecisions, reviewStates } from '../../core/reviews/states';
import { sha256Schema } from '../releases/publish';

/** Body of `PATCH …/plugins/{versionId}/review`. The reviewer is who the token says, never a field. */
export const reviewDecisionSchema = z.strictObject({
  decision: z.enum(reviewDecisions),
  notes: longText.default(''),
  /** The package that the reviewer looked at; a decision on another one is refused. */
  packageSha256: sha256Schema,
});
export type ReviewDecisionInput = z.infer<typeof reviewDecisionSchema>;

/** Body of `POST …/plugins/{versionId}/submit-review`: more for the reviewer to read. */
export const submitReviewSchema = z.strictObject({
  info: longText.min(1),
  links: z.array(z.url().max(limits.reviewUrl)).max(limits.reviewLinks).default([]),
});
export type SubmitReview = z.infer<typeof submitReviewSchema>;

/** The review of a release as the release's page shows it. */
export const reviewViewSchema = z.object({
  reviewQueueId: idText,
  state: z.enum(reviewStates),
  slaDeadline: moment.nullable(),
  decision: z.enum(reviewDecisions).nullable(),
  reviewer: lineText.nullable(),
  notes: longText.nullable(),
});
