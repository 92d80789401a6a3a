import { z } from 'zod';
import { limits } from '../../core/limits';
import {
  restrictionCauses,
  restrictionKinds,
  restrictionSubjects,
  restrictionViews,
} from '../../core/releases/restrictions';
import { idText, lineText, moment, momentWithOffset, sentences } from '../bounds';
import { nextCursorSchema, pageQuerySchema } from '../paging';

const reasonSchema = z.string().trim().min(1).max(limits.sentences);

/** `POST /api/marketplace/restrictions`: withhold a version, a plugin, a publisher's versions or what a key signed. */
export const restrictionInputSchema = z.strictObject({
  kind: z.enum(restrictionKinds),
  subjectKind: z.enum(restrictionSubjects),
  /** A version as `<pluginId>@<version>`, a plugin's or publisher's id, or the fingerprint of a key. */
  subjectId: z.string().min(1).max(limits.id),
  reason: reasonSchema,
  /** When it ends by itself; until it is lifted where there is none. */
  expiresAt: momentWithOffset.optional(),
});
export type RestrictionInput = z.infer<typeof restrictionInputSchema>;

export const liftInputSchema = z.strictObject({ reason: reasonSchema });
export const appealInputSchema = z.strictObject({ appeal: reasonSchema });
export const answerInputSchema = z.strictObject({ answer: reasonSchema });

/** A restriction as operators and the publisher read it. */
export const restrictionSchema = z.object({
  restrictionId: z.uuid(),
  kind: z.enum(restrictionKinds),
  subjectKind: z.enum(restrictionSubjects),
  subjectId: idText,
  publisherId: idText,
  reason: sentences,
  imposedBy: lineText,
  imposedAt: moment,
  expiresAt: moment.nullable(),
  appeal: sentences.nullable(),
  appealedAt: moment.nullable(),
  liftedBy: lineText.nullable(),
  liftReason: sentences.nullable(),
  liftedAt: moment.nullable(),
  /** What a revocation imposed is never lifted. */
  cause: z.enum(restrictionCauses),
  /** What an operator said to the appeal, where the restriction stays. */
  appealAnswer: sentences.nullable(),
  answeredBy: lineText.nullable(),
  answeredAt: moment.nullable(),
});
export type RestrictionView = z.infer<typeof restrictionSchema>;

export const restrictionQuerySchema = pageQuerySchema.extend({
  /** `appeals`: those in force whose appeal waits for an answer; `all`: those that are over, too. */
  show: z.enum(restrictionViews).default('in_force'),
});

export const restrictionPageSchema = z.object({
  restrictions: z.array(restrictionSchema).max(limits.page),
  next: nextCursorSchema,
});
