import { z } from 'zod';
import { moment } from '../../../contracts/bounds';
import { manifestSchema } from '../../../contracts/releases/manifest';
import { isErrorCode, type ErrorCode } from '../../../core/errors/errors';
import { limits } from '../../../core/limits';
import { scanVerdicts } from '../../../core/scans/report';

/**
 * What a worker asks of a checker, and what it takes from it: one line of JSON each. A checker reads strangers'
 * packages, so its answers are read like those of a stranger: limited in size, by schemas that are limited too.
 */

/** Bytes of one answer, its line feed included. A manifest has a mebibyte at most. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Texts of one package that may be tokens of this platform; with more of them, the first are told. */
export const MAX_TOKEN_HASHES = 10_000;

const text = (length: number) => z.string().max(length);
const digest = text(64).regex(/^[0-9a-f]{64}$/);
const count = z.number().int().min(0).max(limits.count);

const fileSchema = z.object({
  path: text(limits.setting),
  bytes: z.number().int().min(0).max(limits.packageBytes),
  /** Armored public keys, any of which may have signed. */
  keys: z.array(text(limits.armoredKey)).max(limits.list),
  /** When the keys must have been usable. */
  now: moment,
});
/** The package file of a check, and what is known of it. */
export type CheckedFile = z.infer<typeof fileSchema>;

const policySchema = z.object({
  name: text(100),
  enabled: z.boolean(),
  enforced: z.boolean(),
  required: z.boolean(),
});

export const jobSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verify'), file: fileSchema, sha256: text(64) }),
  z.object({ kind: z.literal('scan'), file: fileSchema, policy: policySchema }),
]);
export type CheckJob = z.infer<typeof jobSchema>;

const problemSchema = z.object({
  code: text(100).refine((code): code is ErrorCode => isErrorCode(code)),
  detail: text(8_000),
  pointer: text(8_000).exactOptional(),
});

const findingSchema = z.object({
  rule: text(200),
  severity: z.enum(['info', 'warning', 'critical']),
  path: text(300).exactOptional(),
  line: count.exactOptional(),
  detail: text(300),
});

const reportSchema = z.object({
  scanner: text(100),
  version: text(100),
  rulesDigest: digest,
  verdict: z.enum(scanVerdicts),
  findings: z.array(findingSchema).max(100),
  counts: z.object({ info: count, warning: count, critical: count }),
  startedAt: moment,
  finishedAt: moment,
  policy: policySchema.omit({ name: true }),
});

const verifiedSchema = z.object({
  manifest: manifestSchema,
  manifestDigest: digest,
  fingerprint: text(200),
  files: count,
});
/** What a verified package really holds. */
export type VerifiedFacts = z.infer<typeof verifiedSchema>;

export const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verified'), verified: verifiedSchema }),
  z.object({
    kind: z.literal('report'),
    report: reportSchema,
    /** The SHA-256 of each text that may be a token of this platform. */
    tokenHashes: z.array(digest).max(MAX_TOKEN_HASHES),
  }),
  z.object({ kind: z.literal('refused'), problems: z.array(problemSchema).min(1).max(100) }),
  /** There was not enough room for the package in the checker. */
  z.object({ kind: z.literal('exhausted') }),
  /** Something else went wrong; only its kind is told, because its message may quote the package. */
  z.object({ kind: z.literal('failed'), reason: text(200) }),
]);
export type CheckAnswer = z.infer<typeof answerSchema>;

/** The first line of a checker, once it can be asked. */
export const READY = 'ready';
