import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, moment } from '../bounds';

/** What a tenant runs, as its host reported. */
export const installationListSchema = z.object({
  installations: z
    .array(
      z.object({
        pluginId: idText,
        version: idText.nullable(),
        state: lineText,
        updatedAt: moment,
      }),
    )
    .max(limits.list),
});
export type InstallationList = z.infer<typeof installationListSchema>;
