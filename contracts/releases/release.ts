import { z } from 'zod';
import { releaseStates } from '../../core/releases/state';
import { nextCursorSchema, pageQuerySchema } from '../paging';
import { channelSchema, pluginIdSchema } from '../plugin';

/** A release as it stands in a list. */
export const releaseSummarySchema = z.object({
  publishId: z.string(),
  versionId: z.string(),
  pluginId: z.string(),
  version: z.string(),
  channel: channelSchema,
  publisherId: z.string(),
  name: z.string(),
  state: z.enum(releaseStates),
  submittedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});
export type ReleaseSummary = z.infer<typeof releaseSummarySchema>;

export const releaseQuerySchema = pageQuerySchema.extend({
  state: z.enum(releaseStates).optional(),
  pluginId: pluginIdSchema.optional(),
});
export const releasePageSchema = z.object({
  releases: z.array(releaseSummarySchema),
  next: nextCursorSchema,
});
export type ReleasePage = z.infer<typeof releasePageSchema>;

export const pluginVersionsSchema = z.object({
  versions: z.array(
    z.object({
      version: z.string(),
      versionId: z.string(),
      channel: channelSchema,
      state: z.enum(releaseStates),
      listedAt: z.iso.datetime().nullable(),
      withdrawnAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type PluginVersions = z.infer<typeof pluginVersionsSchema>;

/** The state that a release is in after what was asked of it. */
export const finaliseReplySchema = z.object({ versionId: z.string(), state: z.enum(releaseStates) });
export type FinalisedUpload = z.infer<typeof finaliseReplySchema>;
