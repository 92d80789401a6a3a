import { z } from 'zod';
import { releaseStates } from '../core/releases/state';
import { channelSchema, pluginIdSchema } from './releases/manifest';
import { catalogEntrySchema, releaseViewSchema, timelineEventSchema } from './releases/release';
import { queueEntrySchema } from './reviews/review';
import { notificationSchema, subscriptionSchema } from './installations/tenants';

/** Bodies, queries and replies of the HTTP surface that no other contract names. */

const time = z.iso.datetime();
/** Where the next page begins; null on the last one. Opaque to callers. */
const nextSchema = z.string().nullable();

/** `?limit=&cursor=` of every list. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(500).optional(),
});

/** An id that an operator chooses for a publisher, tenant or reviewer. */
export const subjectIdSchema = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-_.]{0,62}[a-z0-9])?$/, 'must be lower case letters, digits, "-", "_" or "."');

export const finaliseReplySchema = z.object({ versionId: z.string(), state: z.enum(releaseStates) });
export type FinalisedUpload = z.infer<typeof finaliseReplySchema>;

const releaseSummarySchema = releaseViewSchema.pick({
  publishId: true,
  versionId: true,
  pluginId: true,
  version: true,
  channel: true,
  publisherId: true,
  name: true,
  state: true,
  submittedAt: true,
  updatedAt: true,
});
export type ReleaseSummary = z.infer<typeof releaseSummarySchema>;

export const releaseQuerySchema = pageQuerySchema.extend({
  state: z.enum(releaseStates).optional(),
  pluginId: pluginIdSchema.optional(),
});
export const releasePageSchema = z.object({ releases: z.array(releaseSummarySchema), next: nextSchema });
export type ReleasePage = z.infer<typeof releasePageSchema>;

/** `?after=<seq>` of a timeline; a `Last-Event-ID` header counts before it. */
export const timelineQuerySchema = z.object({ after: z.coerce.number().int().min(0).default(0) });
/** `next` is the `after` of the next call. */
export const timelinePageSchema = z.object({
  events: z.array(timelineEventSchema),
  next: z.number().int(),
  state: z.enum(releaseStates),
});
export type TimelinePage = z.infer<typeof timelinePageSchema>;

export const pluginVersionsSchema = z.object({
  versions: z.array(
    z.object({
      version: z.string(),
      versionId: z.string(),
      channel: channelSchema,
      state: z.enum(releaseStates),
      listedAt: time.nullable(),
      withdrawnAt: time.nullable(),
    }),
  ),
});
export type PluginVersions = z.infer<typeof pluginVersionsSchema>;

export const catalogPageSchema = z.object({ plugins: z.array(catalogEntrySchema), next: nextSchema });

export const keyInputSchema = z.strictObject({
  armored: z
    .string()
    .min(1)
    .max(64 * 1024),
});
export const keyReplySchema = z.object({ fingerprint: z.string(), publisherId: z.string() });
/** Keys with their armored text: what a host verifies packages with. */
export const publisherKeysSchema = z.object({
  keys: z.array(
    z.object({
      fingerprint: z.string(),
      armored: z.string(),
      expiresAt: time.nullable(),
      revokedAt: time.nullable(),
    }),
  ),
});
export type PublisherKeys = z.infer<typeof publisherKeysSchema>;

export const reviewQuerySchema = pageQuerySchema.extend({
  state: z.enum(['pending', 'open', 'decided']).default('open'),
});
export const reviewPageSchema = z.object({ reviews: z.array(queueEntrySchema), next: nextSchema });
export type ReviewPage = z.infer<typeof reviewPageSchema>;
export const reviewDetailSchema = z.object({ review: queueEntrySchema, release: releaseViewSchema });
export type ReviewDetail = z.infer<typeof reviewDetailSchema>;
export const decisionReplySchema = z.object({
  decision: z.enum(['approve', 'reject']),
  reviewer: z.string(),
  state: z.enum(releaseStates),
});
export type ReviewDecisionReply = z.infer<typeof decisionReplySchema>;

export const steeringActions = ['pause', 'resume', 'abort'] as const;
export type SteeringAction = (typeof steeringActions)[number];
export const steeringReplySchema = z.object({ versionId: z.string(), action: z.enum(steeringActions) });

const subjectName = z.string().min(1).max(200);
export const publisherInputSchema = z.strictObject({ publisherId: subjectIdSchema, name: subjectName });
export const tenantInputSchema = z.strictObject({ tenantId: subjectIdSchema, name: subjectName });
export const reviewerInputSchema = z.strictObject({ reviewerId: subjectIdSchema, name: subjectName });
/** `token` is shown once: when the subject is created, or when a further one is asked for. */
export const issuedTokenSchema = z.object({ id: z.string(), token: z.string().optional() });

const subjectKinds = ['publisher', 'reviewer', 'tenant', 'operator'] as const;
export const whoamiSchema = z.object({
  kind: z.enum(subjectKinds),
  id: z.string(),
  scopes: z.array(z.string()),
});
export type Whoami = z.infer<typeof whoamiSchema>;

export const linksSchema = z.object({ temporalUi: z.string().nullable(), docs: z.string() });
export type Links = z.infer<typeof linksSchema>;

export const notificationPageSchema = z.object({
  notifications: z.array(notificationSchema),
  next: nextSchema,
});
export const alertPageSchema = z.object({ alerts: z.array(notificationSchema), next: nextSchema });

export const feedQuerySchema = z.object({
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

const ownSubscriptionSchema = z.object({ pluginId: pluginIdSchema, ...subscriptionSchema.shape });
export const subscriptionListSchema = z.object({ subscriptions: z.array(ownSubscriptionSchema) });
export type SubscriptionList = z.infer<typeof subscriptionListSchema>;

export const installationListSchema = z.object({
  installations: z.array(
    z.object({
      pluginId: z.string(),
      version: z.string().nullable(),
      state: z.string(),
      updatedAt: time,
    }),
  ),
});
export type InstallationList = z.infer<typeof installationListSchema>;

/** `/readyz`: each component that the process needs, and whether it answers. */
export const readinessSchema = z.object({
  ready: z.boolean(),
  components: z.record(z.string(), z.object({ ready: z.boolean(), detail: z.string().optional() })),
});
export type Readiness = z.infer<typeof readinessSchema>;
