import { z } from 'zod';
import { feedKinds } from '../../core/rollouts/feedKinds';
import { channelSchema } from '../plugin';

/** Who may have the version now, computable offline by `core/rollouts/cohort.ts`. */
export const offerRuleSchema = z.object({
  salt: z.string(),
  basisPoints: z.number().int(),
  allow: z.array(z.string()),
  deny: z.array(z.string()),
});

/**
 * One change of the feed. `offer`: the version may be installed by whom the rule includes;
 * `withdraw`: nobody may have it any more, and who has it returns to `previousVersion`
 * (or removes the plugin where that is null).
 */
export const feedEntrySchema = z.object({
  revision: z.number().int(),
  kind: z.enum(feedKinds),
  at: z.iso.datetime(),
  pluginId: z.string(),
  versionId: z.string(),
  version: z.string(),
  channel: channelSchema,
  rule: offerRuleSchema,
  stage: z.number().int(),
  package: z.object({ sha256: z.string(), bytes: z.number().int(), manifestDigest: z.string() }),
  publisherId: z.string(),
  signedBy: z.string(),
  previousVersion: z.string().nullable(),
});
export type FeedEntry = z.infer<typeof feedEntrySchema>;

export const feedQuerySchema = z.object({
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

/** `GET /api/v1/feed?since=<revision>`; `next` is the `since` of the next call. */
export const feedPageSchema = z.object({
  entries: z.array(feedEntrySchema),
  next: z.number().int(),
  /** Whether another page is there already. */
  more: z.boolean(),
  /** How soon to ask again, in seconds; the host adds jitter. */
  pollAfterSeconds: z.number(),
});
export type FeedPage = z.infer<typeof feedPageSchema>;
