import { z } from 'zod';

/** What a tenant runs, as its host reported. */
export const installationListSchema = z.object({
  installations: z.array(
    z.object({
      pluginId: z.string(),
      version: z.string().nullable(),
      state: z.string(),
      updatedAt: z.iso.datetime(),
    }),
  ),
});
export type InstallationList = z.infer<typeof installationListSchema>;
