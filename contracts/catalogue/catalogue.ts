import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, moment, sentences } from '../bounds';
import { nextCursorSchema } from '../paging';
import { channelSchema } from '../plugin';

/** A row of the catalogue (LST-01): listed versions only. */
export const catalogEntrySchema = z.object({
  pluginId: idText,
  name: lineText,
  description: sentences,
  publisherId: idText,
  version: idText,
  versionId: idText,
  channel: channelSchema,
  listedAt: moment,
});
export type CatalogEntry = z.infer<typeof catalogEntrySchema>;

export const catalogPageSchema = z.object({
  plugins: z.array(catalogEntrySchema).max(limits.page),
  next: nextCursorSchema,
});
