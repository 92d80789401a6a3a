import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, lineText } from '../bounds';

/** An id that an operator chooses for a publisher, tenant or reviewer. */
export const subjectIdSchema = z
  .string()
  .max(limits.subjectId)
  .regex(/^[a-z0-9](?:[a-z0-9-_.]{0,62}[a-z0-9])?$/, 'must be lower case letters, digits, "-", "_" or "."');

const subjectName = z.string().min(1).max(limits.line);
export const publisherInputSchema = z.strictObject({ publisherId: subjectIdSchema, name: subjectName });
export const tenantInputSchema = z.strictObject({ tenantId: subjectIdSchema, name: subjectName });
export const reviewerInputSchema = z.strictObject({ reviewerId: subjectIdSchema, name: subjectName });

/** `token` is shown once: when the subject is created, or when a further one is asked for. */
export const issuedTokenSchema = z.object({ id: idText, token: lineText.optional() });

const subjectKinds = ['publisher', 'reviewer', 'tenant', 'operator'] as const;
export const whoamiSchema = z.object({
  kind: z.enum(subjectKinds),
  id: idText,
  scopes: z.array(lineText).max(limits.details),
});
export type Whoami = z.infer<typeof whoamiSchema>;
