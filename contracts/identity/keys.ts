import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText, moment, text } from '../bounds';

export const keyInputSchema = z.strictObject({
  armored: z.string().min(1).max(limits.armoredKey),
});
export const keyReplySchema = z.object({ fingerprint: lineText, publisherId: idText });

/** Keys with their armored text: what a host verifies packages with. */
export const publisherKeysSchema = z.object({
  keys: z
    .array(
      z.object({
        fingerprint: lineText,
        armored: text(limits.armoredKey),
        expiresAt: moment.nullable(),
        revokedAt: moment.nullable(),
      }),
    )
    .max(limits.details),
});
export type PublisherKeys = z.infer<typeof publisherKeysSchema>;
