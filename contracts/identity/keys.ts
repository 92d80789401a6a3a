import { z } from 'zod';

export const keyInputSchema = z.strictObject({
  armored: z
    .string()
    .min(1)
    .max(64 * 1024),
});
export const keyReplySchema = z.object({ fingerprint: z.string(), publisherId: z.string() });

/** Keys with their armored text: what a host verifies packages with. */
export const publisherKeysSchema = z.object({
  keys: z.array(
    z.object({
      fingerprint: z.string(),
      armored: z.string(),
      expiresAt: z.iso.datetime().nullable(),
      revokedAt: z.iso.datetime().nullable(),
    }),
  ),
});
export type PublisherKeys = z.infer<typeof publisherKeysSchema>;
