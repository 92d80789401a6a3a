import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, idText, lineText, moment, text } from '../bounds';
import { NONCE } from '../../core/identity/keyChallenge';
import { subjectIdSchema } from './identities';
import { revocationReasons } from '../../core/identity/keys';

const armoredKey = z.string().min(1).max(limits.armoredKey);
const armoredSignature = z.string().min(1).max(limits.text);
export const fingerprintSchema = z
  .string()
  .max(64)
  .regex(/^[0-9A-Fa-f]{40}(?:[0-9A-Fa-f]{24})?$/, 'must be 40 or 64 hex digits');

/** `proof` and `endorsement` are armored signatures over the challenge; a key that is registered needs neither. */
export const keyInputSchema = z.strictObject({
  armored: armoredKey,
  proof: armoredSignature.optional(),
  endorsement: armoredSignature.optional(),
});
export type KeyInput = z.infer<typeof keyInputSchema>;
export const keyReplySchema = z.object({
  fingerprint: lineText,
  publisherId: idText,
  revokedReason: z.enum(revocationReasons).nullable().default(null),
});

export const challengeInputSchema = z.strictObject({ fingerprint: fingerprintSchema });
/** What is to be signed is written by both sides, from these (`core/identity/keyChallenge.ts`). */
export const challengeSchema = z.object({
  publisherId: subjectIdSchema,
  fingerprint: fingerprintSchema,
  nonce: z.string().max(43).regex(NONCE),
  expiresAt: moment,
  /** Whether a valid key of the publisher, or an operator, must vouch for the key. */
  needsEndorsement: z.boolean(),
});

/** A reason, or a certificate that has one. */
export const revocationInputSchema = z
  .strictObject({
    reason: z.enum(revocationReasons).optional(),
    note: text(limits.sentences).optional(),
    certificate: armoredSignature.optional(),
  })
  .refine(
    ({ reason, certificate }) => (reason ?? certificate) !== undefined,
    'needs a reason or a certificate',
  );
export type RevocationInput = z.infer<typeof revocationInputSchema>;
export const revocationReplySchema = z.object({
  fingerprint: lineText,
  /** As it is on record: only a worse reason follows another. */
  reason: z.enum(revocationReasons),
  /** How many versions nobody newly installs because of it. */
  withheld: count,
});

export const approvalReplySchema = z.object({
  publisherId: idText,
  fingerprint: lineText,
  approvedUntil: moment,
});

/** Keys with their armored text: what a host verifies packages with. */
export const publisherKeysSchema = z.object({
  keys: z
    .array(
      z.object({
        fingerprint: lineText,
        armored: text(limits.armoredKey),
        expiresAt: moment.nullable(),
        revokedAt: moment.nullable(),
        /** What a key signed before it was `superseded` or `retired` is still good. */
        revokedReason: z.enum(revocationReasons).nullable().default(null),
      }),
    )
    .max(limits.details),
});
export type PublisherKeys = z.infer<typeof publisherKeysSchema>;
