import { z } from 'zod';
import { formatVersionId } from '../../core/ids';
import { limits } from '../../core/limits';
import { count, idText, lineText, moment, shareOfTenants } from '../bounds';
import { feedKinds } from '../../core/rollouts/feedKinds';
import { channelSchema, hostRangeSchema, pluginIdSchema, versionSchema } from '../plugin';

/** The tenant that asks, or nobody: whom else a rollout names is told to no tenant. */
const ownNameSchema = z.array(lineText).max(1);

/** Whether the tenant that asks may have the version now, computable offline by `core/rollouts/cohort.ts`. */
export const offerRuleSchema = z.object({
  salt: lineText,
  basisPoints: shareOfTenants,
  allow: ownNameSchema,
  deny: ownNameSchema,
});

/**
 * One change of the feed. `offer`: the version may be installed by whom the rule includes;
 * `withdraw`: nobody may have it any more, and who has it returns to `previousVersion`
 * (or removes the plugin where that is null).
 */
const entrySchema = z.object({
  revision: count,
  kind: z.enum(feedKinds),
  at: moment,
  // A host makes paths of these.
  pluginId: pluginIdSchema,
  versionId: idText,
  version: versionSchema,
  channel: channelSchema,
  rule: offerRuleSchema,
  stage: count,
  package: z.object({ sha256: lineText, bytes: count, manifestDigest: lineText }),
  /** Hosts of other versions leave themselves out before they fetch anything. */
  requires: hostRangeSchema.optional(),
  publisherId: idText,
  signedBy: idText,
  previousVersion: versionSchema.nullable(),
});

export const feedEntrySchema = entrySchema.refine(
  ({ pluginId, version, versionId }) => versionId === formatVersionId(pluginId, version),
  { path: ['versionId'], message: 'must be the plugin id and the version' },
);
export type FeedEntry = z.infer<typeof feedEntrySchema>;

export const feedQuerySchema = z.object({
  since: z.coerce.number().int().min(0).max(limits.count).default(0),
  limit: z.coerce.number().int().min(1).max(limits.feedPage).default(200),
});

/** `GET /api/v1/feed?since=<revision>`; `next` is the `since` of the next call. */
export const feedPageSchema = z.object({
  entries: z.array(feedEntrySchema).max(limits.feedPage),
  next: count,
  /** Whether another page is there already. */
  more: z.boolean(),
  /** How soon to ask again, in seconds; the host adds jitter. */
  pollAfterSeconds: z.number().min(0).max(3600),
});
export type FeedPage = z.infer<typeof feedPageSchema>;
