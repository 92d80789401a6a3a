import { z } from 'zod';
import { reportKinds } from '../../core/installations/reportKinds';
import { pluginIdSchema, versionSchema } from '../plugin';

/** What a host tells: each report once, by its own id, however often it is sent. */
export const reportSchema = z.strictObject({
  reportId: z.uuid(),
  kind: z.enum(reportKinds),
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
