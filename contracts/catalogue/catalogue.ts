import { z } from 'zod';
import { nextCursorSchema } from '../paging';
import { channelSchema } from '../plugin';

/** A row of the catalogue (LST-01): listed versions only. */
export const catalogEntrySchema = z.object({
  pluginId: z.string(),
  name: z.string(),
  description: z.string(),
  publisherId: z.string(),
  version: z.string(),
  versionId: z.string(),
  channel: channelSchema,
  listedAt: z.iso.datetime(),
});
export type CatalogEntry = z.infer<typeof catalogEntrySchema>;

export const catalogPageSchema = z.object({ plugins: z.array(catalogEntrySchema), next: nextCursorSchema });
