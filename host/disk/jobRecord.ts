import { z } from 'zod';
import { count, idText, lineText, longText, urlText } from '../../contracts/bounds';
import { limits } from '../../core/limits';
import { pluginIdSchema, versionSchema } from '../../contracts/plugin';
import { isErrorCode, type ErrorCode } from '../../core/errors/catalogue';

/**
 * What a job writes to disk, one JSON object per line of its journal. A newer host reads the journals
 * of an older one after an upgrade: fields may be added as optional ones, but not renamed.
 */

/** Where the package of an installation comes from. */
const sourceSchema = z.object({
  by: z.enum(['feed', 'admin', 'url', 'file']),
  url: urlText,
  sha256: lineText.optional(),
  bytes: count.optional(),
  manifestDigest: lineText.optional(),
  publisherId: idText.optional(),
});

const jobSchema = z.object({
  jobId: lineText,
  /** `install` installs a version, `return` goes back to what was there before the active one. */
  kind: z.enum(['install', 'return']),
  /** Unknown until the package is downloaded, for an address that does not say. */
  pluginId: pluginIdSchema.optional(),
  version: versionSchema.optional(),
  source: sourceSchema,
  stage: count,
  force: z.boolean(),
  requestedAt: lineText,
});
export type Job = z.infer<typeof jobSchema>;

/** What must be known to undo a job, written before the job touches anything outside its workspace. */
const factsSchema = z.object({
  pluginId: pluginIdSchema,
  version: versionSchema,
  activeBefore: lineText.nullable(),
  /** Whether the version's folder was there before the job. */
  existed: z.boolean(),
  backup: lineText.nullable(),
});
export type Facts = z.infer<typeof factsSchema>;

const outcomes = ['success', 'failed', 'rolled_back', 'deferred'] as const;
export type JobOutcome = (typeof outcomes)[number];

/** Why an installation stopped. `later`: it says nothing about the package, so it may be tried again. */
const failureSchema = z.object({
  code: z.custom<ErrorCode>((code) => typeof code === 'string' && isErrorCode(code)),
  detail: longText,
  later: z.boolean(),
});
export type Failure = z.infer<typeof failureSchema>;

const at = lineText;
export const lineSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), at, job: jobSchema }),
  z.object({
    type: z.literal('resumed'),
    at,
    /** False where the host had not ended in between: its disk was full, and it tried again. */
    crashed: z.boolean().optional(),
  }),
  z.object({
    type: z.literal('phase'),
    at,
    phase: lineText,
    status: z.enum(['started', 'done', 'failed']),
    ms: z.number().min(0).max(limits.count).optional(),
    failure: failureSchema.optional(),
  }),
  z.object({ type: z.literal('facts'), at, facts: factsSchema }),
  z.object({ type: z.literal('child'), at, pid: count, startedAt: lineText }),
  z.object({
    type: z.literal('end'),
    at,
    outcome: z.enum(outcomes),
    activeVersion: lineText.nullable(),
    failure: failureSchema.optional(),
  }),
]);
export type JournalLine = z.infer<typeof lineSchema>;
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;
export type JournalEvent = WithoutTime<JournalLine>;
