import { z } from 'zod';

/** `?limit=&cursor=` of every list. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().min(1).max(500).optional(),
});

/** Where the next page begins; null on the last one. Opaque to callers. */
export const nextCursorSchema = z.string().nullable();
