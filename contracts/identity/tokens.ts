import { z } from 'zod';
import { subjectKinds } from '../../core/access';
import { parseDuration } from '../../core/duration';
import { TOKEN_LIFETIME_MS, tokenEndings } from '../../core/identity/tokens';
import { limits } from '../../core/limits';
import { idText, lineText, moment } from '../bounds';
import { nextCursorSchema, pageQuerySchema } from '../paging';
import { subjectIdSchema } from './identities';

function isLifetime(text: string): boolean {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= TOKEN_LIFETIME_MS.least && ms <= TOKEN_LIFETIME_MS.most;
}

/** A further token: who has it, and for how long. */
export const tokenInputSchema = z.strictObject({
  person: subjectIdSchema.optional(),
  expiresIn: z
    .string()
    .max(20)
    .refine(isLifetime, 'must be a duration from 1m to 366d, such as 12h or 90d')
    .optional(),
});
export type TokenInput = z.infer<typeof tokenInputSchema>;

/** A token without the token itself. */
export const tokenSchema = z.object({
  tokenId: z.uuid(),
  kind: z.enum(subjectKinds),
  id: idText,
  person: idText,
  prefix: lineText,
  scopes: z.array(lineText).max(limits.details),
  createdAt: moment,
  expiresAt: moment.nullable(),
  /** To the minute. */
  lastUsedAt: moment.nullable(),
  revokedAt: moment.nullable(),
  revokedReason: z.enum(tokenEndings).nullable(),
});
export type TokenView = z.infer<typeof tokenSchema>;

/** Operators ask for anybody's tokens; everybody else gets their own. */
export const tokenQuerySchema = pageQuerySchema.extend({
  kind: z.enum(subjectKinds).optional(),
  id: subjectIdSchema.optional(),
});

export const tokenPageSchema = z.object({
  tokens: z.array(tokenSchema).max(limits.page),
  next: nextCursorSchema,
});
