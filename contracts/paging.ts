import { z } from 'zod';
import { limits } from '../core/limits';
import { text } from './bounds';

/** `?limit=&cursor=` of every list. */
export const pageQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(limits.page).default(50),
  cursor: z.string().min(1).max(limits.sentences).optional(),
});

/** Where the next page begins; null on the last one. Opaque to callers. */
export const nextCursorSchema = text(limits.sentences).nullable();
