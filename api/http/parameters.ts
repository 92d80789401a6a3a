import { z } from 'zod';
import { pluginIdSchema, versionSchema } from '../../contracts/plugin';
import { parseVersionId } from '../../core/ids';

/** `<pluginId>@<version>`, both parts valid by their own rules. */
const versionIdSchema = z.string().max(200).refine(isVersionId, 'must be <pluginId>@<version>');

export const byVersionId = z.object({ versionId: versionIdSchema });

export const byPublishId = z.object({
  publishId: z
    .string()
    .max(210)
    .refine((id) => id.startsWith('release:') && isVersionId(id.slice('release:'.length)), {
      message: 'must be release:<pluginId>@<version>',
    }),
});

export const byPluginId = z.object({ pluginId: pluginIdSchema });
export const byPluginVersion = z.object({ pluginId: pluginIdSchema, version: versionSchema });

function isVersionId(text: string): boolean {
  const parts = parseVersionId(text);
  if (!parts) return false;
  return pluginIdSchema.safeParse(parts.pluginId).success && versionSchema.safeParse(parts.version).success;
}
