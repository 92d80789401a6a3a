import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, idText, lineText, longText, moment, recordOf, urlText } from '../bounds';
import { releaseStates } from '../../core/releases/state';
import { channelSchema, pluginIdSchema, versionSchema } from '../plugin';
import { manifestSchema } from './manifest';
import { rolloutInputSchema } from './rolloutInput';

export const sha256Schema = z
  .string()
  .length(64)
  .regex(/^[a-f0-9]{64}$/, 'must be a SHA-256 digest in lower case hex');
const md5Schema = z
  .string()
  .length(24)
  .regex(/^[A-Za-z0-9+/]{22}==$/, 'must be an MD5 digest in base64');

/** One part of an upload; the signed URL is bound to its length and digest. */
export const uploadPartSchema = z.strictObject({
  number: z.number().int().min(1).max(limits.parts),
  bytes: z.number().int().min(1).max(limits.packageBytes),
  sha256: sha256Schema,
  md5: md5Schema,
});
export type UploadPartInput = z.infer<typeof uploadPartSchema>;

/** What will be uploaded, announced before a byte is sent. */
export const artefactSchema = z
  .strictObject({
    fileName: z
      .string()
      .max(limits.line)
      .regex(/^[A-Za-z0-9._+-]+\.pxp$/, 'must be a .pxp file name'),
    bytes: z.number().int().min(1).max(limits.packageBytes),
    sha256: sha256Schema,
    /** SHA-256 of integrity.txt: what the signature covers. */
    manifestDigest: sha256Schema,
    /** Fingerprint of the signing key; absent when the package is not signed (and so refused). */
    signedBy: z
      .string()
      .length(40)
      .regex(/^[A-F0-9]{40}$/i)
      .optional(),
    parts: z.array(uploadPartSchema).min(1).max(limits.parts),
  })
  .superRefine((artefact, context) => {
    const total = artefact.parts.reduce((sum, part) => sum + part.bytes, 0);
    if (total !== artefact.bytes) {
      const message = `parts hold ${total} bytes, but the package has ${artefact.bytes}`;
      context.addIssue({ code: 'custom', path: ['parts'], message });
    }
    artefact.parts.forEach((part, index) => {
      if (part.number === index + 1) return;
      context.addIssue({ code: 'custom', path: ['parts', index, 'number'], message: `must be ${index + 1}` });
    });
  });

/** Body of `POST /api/marketplace/plugins/publish`. */
export const publishRequestSchema = z.strictObject({
  /** The client's idempotency key (API-32). */
  publishRequestId: z.uuid(),
  pluginId: pluginIdSchema,
  version: versionSchema,
  channel: channelSchema,
  manifest: manifestSchema,
  notes: z.string().min(1).max(limits.releaseNotes),
  notesSource: z.enum(['flag', 'changelog', 'generated']).default('flag'),
  artefact: artefactSchema,
  rollout: rolloutInputSchema.optional(),
});
export type PublishRequest = z.infer<typeof publishRequestSchema>;

/** What a publisher keeps of an accepted submission; also `publish-receipt.json` (CLI-26). */
export const receiptSchema = z.object({
  publishId: idText,
  versionId: idText,
  reviewQueueId: z.uuid(),
  channel: channelSchema,
  uploadUrl: urlText,
  statusUrl: urlText,
  submittedAt: moment,
  /** When it is worth asking again. */
  nextCheckAt: moment,
  sla: z.object({ expectedReviewDuration: lineText }),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** `GET …/{versionId}/upload`: every part, and for the missing ones where to put them. */
export const uploadPlanSchema = z.object({
  versionId: idText,
  state: z.enum(releaseStates),
  expiresAt: moment,
  parts: z
    .array(
      z.object({
        number: count,
        bytes: count,
        sha256: sha256Schema,
        present: z.boolean(),
        put: z.object({ url: urlText, headers: recordOf(lineText, longText, 50) }).optional(),
      }),
    )
    .max(limits.parts),
});
export type UploadPlan = z.infer<typeof uploadPlanSchema>;
