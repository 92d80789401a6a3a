import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, lineText, longText, text } from '../bounds';
import { reviewViewSchema } from '../reviews/review';
import { rolloutViewSchema } from '../rollouts/rollout';
import { scanViewSchema } from '../scans/scan';
import { nameFindingSchema } from './names';
import { releaseSummarySchema } from './release';
import { restrictionSchema } from './restrictions';

/**
 * `GET …/plugins/{versionId}` and `GET …/releases/{publishId}` (API-37): a release with its scans, its
 * review and its rollout.
 */
export const releaseViewSchema = releaseSummarySchema.extend({
  notes: text(limits.releaseNotes),
  packageSha256: lineText,
  packageBytes: count,
  manifestDigest: lineText,
  signedBy: lineText.nullable(),
  permissions: z.array(lineText).max(limits.permissions),
  /** Why the release ended as it did, when it was refused or failed. */
  problems: z
    .array(z.object({ code: lineText, detail: longText, pointer: longText.optional() }))
    .max(limits.details),
  review: reviewViewSchema.nullable(),
  scans: z.array(scanViewSchema).max(limits.details),
  rollout: rolloutViewSchema.nullable(),
  /** In force on the version, itself or through its plugin, publisher or key. */
  restrictions: z.array(restrictionSchema).max(limits.details).default([]),
  /** What a reviewer should know of the plugin's name; empty once a version of it was listed. */
  nameFindings: z.array(nameFindingSchema).max(limits.details).default([]),
});
export type ReleaseView = z.infer<typeof releaseViewSchema>;
