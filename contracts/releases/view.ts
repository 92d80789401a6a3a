import { z } from 'zod';
import { reviewViewSchema } from '../reviews/review';
import { rolloutViewSchema } from '../rollouts/rollout';
import { scanViewSchema } from '../scans/scan';
import { releaseSummarySchema } from './release';

/**
 * `GET …/plugins/{versionId}` and `GET …/releases/{publishId}` (API-37): a release with its scans, its
 * review and its rollout.
 */
export const releaseViewSchema = releaseSummarySchema.extend({
  notes: z.string(),
  packageSha256: z.string(),
  packageBytes: z.number().int(),
  manifestDigest: z.string(),
  signedBy: z.string().nullable(),
  permissions: z.array(z.string()),
  /** Why the release ended as it did, when it was refused or failed. */
  problems: z.array(z.object({ code: z.string(), detail: z.string(), pointer: z.string().optional() })),
  review: reviewViewSchema.nullable(),
  scans: z.array(scanViewSchema),
  rollout: rolloutViewSchema.nullable(),
});
export type ReleaseView = z.infer<typeof releaseViewSchema>;
