import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, moment, sentences } from '../bounds';
import { releaseStates } from '../../core/releases/state';
import { nextCursorSchema, pageQuerySchema } from '../paging';
import { channelSchema, pluginIdSchema } from '../plugin';

/** A release as it stands in a list. */
export const releaseSummarySchema = z.object({
  publishId: idText,
  versionId: idText,
  pluginId: idText,
  version: idText,
  channel: channelSchema,
  publisherId: idText,
  name: lineText,
  state: z.enum(releaseStates),
  submittedAt: moment,
  updatedAt: moment,
});
export type ReleaseSummary = z.infer<typeof releaseSummarySchema>;

export const releaseQuerySchema = pageQuerySchema.extend({
  state: z.enum(releaseStates).optional(),
  pluginId: pluginIdSchema.optional(),
});
export const releasePageSchema = z.object({
  releases: z.array(releaseSummarySchema).max(limits.page),
  next: nextCursorSchema,
});
export type ReleasePage = z.infer<typeof releasePageSchema>;

export const pluginVersionsSchema = z.object({
  versions: z
    .array(
      z.object({
        version: idText,
        versionId: idText,
        channel: channelSchema,
        state: z.enum(releaseStates),
        listedAt: moment.nullable(),
        withdrawnAt: moment.nullable(),
      }),
    )
    .max(limits.list),
});
export type PluginVersions = z.infer<typeof pluginVersionsSchema>;

/** Body of `POST …/{versionId}/withdraw`. */
export const withdrawSchema = z.strictObject({
  /** For people; shown on the timeline. */
  reason: sentences.min(1).optional(),
});

/** The state that a release is in after what was asked of it. */
export const finaliseReplySchema = z.object({ versionId: idText, state: z.enum(releaseStates) });
export type FinalisedUpload = z.infer<typeof finaliseReplySchema>;
