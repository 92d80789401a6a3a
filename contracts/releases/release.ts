import { z } from 'zod';
import { releaseStates } from '../../core/releases/state';
import { rolloutStates } from '../../core/releases/rolloutPlan';
import { timelineKinds } from '../../core/releases/timeline';
import { stageVerdicts } from '../../core/rollouts/verdict';
import { channelSchema } from './manifest';

/** One line of a release's timeline; `seq` counts from 1 without gaps within the release. */
export const timelineEventSchema = z.object({
  seq: z.number().int(),
  at: z.iso.datetime(),
  kind: z.enum(timelineKinds),
  /** A sentence for people; programs read `kind` and `data`. */
  text: z.string(),
  actor: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEvent = z.infer<typeof timelineEventSchema>;

export const stageViewSchema = z.object({
  stage: z.number().int(),
  basisPoints: z.number().int(),
  startedAt: z.iso.datetime().nullable(),
  endsAt: z.iso.datetime().nullable(),
  endedAt: z.iso.datetime().nullable(),
  verdict: z.enum(stageVerdicts).nullable(),
  cohort: z.number().int(),
  installed: z.number().int(),
  failed: z.number().int(),
  rolledBack: z.number().int(),
});
export type StageView = z.infer<typeof stageViewSchema>;

export const rolloutViewSchema = z.object({
  state: z.enum(rolloutStates),
  stage: z.number().int(),
  basisPoints: z.number().int(),
  stages: z.array(stageViewSchema),
});

export const scanViewSchema = z.object({
  scanner: z.string(),
  version: z.string(),
  rulesDigest: z.string(),
  verdict: z.enum(['pass', 'fail', 'inconclusive']),
  findings: z.array(
    z.object({
      rule: z.string(),
      severity: z.enum(['info', 'warning', 'critical']),
      path: z.string().optional(),
      line: z.number().int().optional(),
      detail: z.string(),
    }),
  ),
  finishedAt: z.iso.datetime(),
});
export type ScanView = z.infer<typeof scanViewSchema>;

/** `GET …/plugins/{versionId}` and `GET …/releases/{publishId}` (API-37). */
export const releaseViewSchema = z.object({
  publishId: z.string(),
  versionId: z.string(),
  pluginId: z.string(),
  version: z.string(),
  channel: channelSchema,
  publisherId: z.string(),
  name: z.string(),
  notes: z.string(),
  state: z.enum(releaseStates),
  submittedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  packageSha256: z.string(),
  packageBytes: z.number().int(),
  manifestDigest: z.string(),
  signedBy: z.string().nullable(),
  permissions: z.array(z.string()),
  /** Why the release ended as it did, when it was refused or failed. */
  problems: z.array(z.object({ code: z.string(), detail: z.string(), pointer: z.string().optional() })),
  review: z
    .object({
      reviewQueueId: z.string(),
      state: z.enum(['pending', 'open', 'decided']),
      slaDeadline: z.iso.datetime().nullable(),
      decision: z.enum(['approve', 'reject']).nullable(),
      reviewer: z.string().nullable(),
      notes: z.string().nullable(),
    })
    .nullable(),
  scans: z.array(scanViewSchema),
  rollout: rolloutViewSchema.nullable(),
});
export type ReleaseView = z.infer<typeof releaseViewSchema>;

/** A row of the catalogue (LST-01): listed versions only. */
export const catalogEntrySchema = z.object({
  pluginId: z.string(),
  name: z.string(),
  description: z.string(),
  publisherId: z.string(),
  version: z.string(),
  versionId: z.string(),
  channel: channelSchema,
  listedAt: z.iso.datetime(),
});
export type CatalogEntry = z.infer<typeof catalogEntrySchema>;
