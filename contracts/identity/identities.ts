import { z } from 'zod';
import { subjectKinds } from '../../core/access';
import { limits } from '../../core/limits';
import { idText, lineText, moment } from '../bounds';

/** An id that an operator chooses for a publisher, tenant or reviewer. */
export const subjectIdSchema = z
  .string()
  .max(limits.subjectId)
  .regex(/^[a-z0-9](?:[a-z0-9-_.]{0,62}[a-z0-9])?$/, 'must be lower case letters, digits, "-", "_" or "."');

const subjectName = z.string().min(1).max(limits.line);
/** Who has the token that is issued: the same person may not publish and approve, by whatever token. */
const person = subjectIdSchema.optional();
export const publisherInputSchema = z.strictObject({
  publisherId: subjectIdSchema,
  name: subjectName,
  person,
});
export const tenantInputSchema = z.strictObject({ tenantId: subjectIdSchema, name: subjectName, person });
export const reviewerInputSchema = z.strictObject({ reviewerId: subjectIdSchema, name: subjectName, person });

/** `token` is shown once: when the subject is created, or when a further one is asked for. */
export const issuedTokenSchema = z.object({
  id: idText,
  token: lineText.optional(),
  tokenId: z.uuid().optional(),
  expiresAt: moment.optional(),
});

export const whoamiSchema = z.object({
  kind: z.enum(subjectKinds),
  id: idText,
  scopes: z.array(lineText).max(limits.details),
});
export type Whoami = z.infer<typeof whoamiSchema>;
