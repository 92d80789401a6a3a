import { z } from 'zod';
import { channelSchema, pluginIdSchema, versionSchema } from '../releases/manifest';

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
  kind: z.enum(['offer', 'withdraw']),
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

/** What a host tells: each report once, by its own id, however often it is sent. */
export const reportSchema = z.strictObject({
  reportId: z.uuid(),
  kind: z.enum(['installed', 'failed', 'rolled_back', 'healthy', 'unhealthy']),
  pluginId: pluginIdSchema,
  version: versionSchema,
  /** What the tenant runs after this, null for nothing. */
  activeVersion: versionSchema.nullable(),
  stage: z.number().int().min(0),
  at: z.iso.datetime(),
  elapsedMs: z.number().min(0),
  errorCode: z.string().max(100).optional(),
  detail: z.string().max(2000).optional(),
});
export type Report = z.infer<typeof reportSchema>;

export const reportBatchSchema = z.strictObject({ reports: z.array(reportSchema).min(1).max(500) });
export const reportReplySchema = z.object({ accepted: z.number().int(), repeated: z.number().int() });

/** `PUT /api/v1/subscriptions/{pluginId}`. */
export const subscriptionSchema = z.strictObject({
  channel: channelSchema.default('stable'),
  autoUpgrade: z.boolean().default(true),
});
export type Subscription = z.infer<typeof subscriptionSchema>;

export const notificationSchema = z.object({
  notificationId: z.uuid(),
  kind: z.enum([
    'version_listed',
    'install_failed',
    'rolled_back',
    'release_rejected',
    'sla_warning',
    'sla_breach',
  ]),
  pluginId: z.string(),
  versionId: z.string(),
  title: z.string(),
  message: z.string(),
  priority: z.enum(['normal', 'high']),
  /** Whether the tenant's host upgrades by itself (NTF-02). */
  upgrade: z.enum(['automatic', 'manual']).nullable(),
  createdAt: z.iso.datetime(),
});
export type Notification = z.infer<typeof notificationSchema>;

/** `GET /api/v1/rollouts/{versionId}` (RLO-08, RLO-25). */
export const rolloutStatusSchema = z.object({
  available: z.boolean(),
  reason: z.enum(['No active rollout', 'Not in current rollout stage']).optional(),
  /** When the next stage begins, if one is known. */
  retryAfter: z.iso.datetime().optional(),
  stage: z.number().int().optional(),
});
export type RolloutStatus = z.infer<typeof rolloutStatusSchema>;
