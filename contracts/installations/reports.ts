import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, moment } from '../bounds';
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
  stage: z.number().int().min(0).max(limits.stages),
  at: moment,
  elapsedMs: z.number().min(0).max(limits.stageMs),
  errorCode: z.string().max(limits.line).optional(),
  detail: z.string().max(limits.sentences).optional(),
});
export type Report = z.infer<typeof reportSchema>;

export const reportBatchSchema = z.strictObject({
  reports: z.array(reportSchema).min(1).max(limits.reports),
});
/** `ignored`: of versions that were never listed; nothing of them is kept. */
export const reportReplySchema = z.object({ accepted: count, repeated: count, ignored: count });
