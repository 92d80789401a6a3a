import { z } from 'zod';
import { momentWithOffset } from '../bounds';
import { limits } from '../../core/limits';
import { subjectIdSchema } from '../identity/identities';
import { parseDuration } from '../../core/duration';
import { MINUTE, DAY } from '../../core/duration';
import {
  presetStages,
  rolloutTypes,
  type RolloutPlan,
  type RolloutStage,
} from '../../core/releases/rolloutPlan';

const stageMsSchema = z.number().min(0).max(limits.stageMs);
/** Its finer rules are those of `checkStages`, which says what is wrong in words. */
const percentageSchema = z.number().min(0).max(100);
export const tenantListSchema = z.array(subjectIdSchema).max(limits.tenantsListed);

/** The three forms of a batch in use: `{percentage, startAt}`, `{…, waitMinutes}`, `{…, wait: "10m"}`. */
export const batchSchema = z.strictObject({
  percentage: percentageSchema,
  startAt: momentWithOffset.optional(),
  waitMinutes: z
    .number()
    .min(0)
    .max(limits.stageMs / MINUTE)
    .optional(),
  wait: z
    .string()
    .max(40)
    .refine((text) => parseDuration(text) !== undefined, 'must be a duration such as 90s, 10m or 2d')
    .refine((text) => (parseDuration(text) ?? 0) <= limits.stageMs, 'must be at most 366d')
    .optional(),
  durationMs: stageMsSchema.optional(),
});
export type Batch = z.infer<typeof batchSchema>;

/**
 * A rollout as a publisher may write it (requirements C06, C07): a preset by `type`, `stages` or
 * `batches` of one's own, or one `percentage` that becomes the first of two stages.
 */
export const rolloutInputSchema = z.strictObject({
  type: z.enum(rolloutTypes).optional(),
  schedule: momentWithOffset.optional(),
  percentage: percentageSchema.optional(),
  duration: stageMsSchema.optional(),
  stages: z.array(batchSchema).max(limits.stages).optional(),
  batches: z.array(batchSchema).max(limits.stages).optional(),
  tenants: z
    .strictObject({
      allow: tenantListSchema.default([]),
      deny: tenantListSchema.default([]),
    })
    .optional(),
});
export type RolloutInput = z.infer<typeof rolloutInputSchema>;

/** How long a batch is watched; a batch that names no time is watched for a day. */
function readDuration(batch: Batch): number {
  if (batch.durationMs !== undefined) return batch.durationMs;
  if (batch.waitMinutes !== undefined) return batch.waitMinutes * MINUTE;
  return (batch.wait === undefined ? undefined : parseDuration(batch.wait)) ?? DAY;
}

const toStage = (batch: Batch): RolloutStage => ({
  basisPoints: Math.round(batch.percentage * 100),
  durationMs: readDuration(batch),
  ...(batch.startAt === undefined ? {} : { startAt: batch.startAt }),
});

/** The stages that an input stands for; they are still to be checked by `checkStages`. */
export function toStages(input: RolloutInput): RolloutStage[] {
  const own = input.stages ?? input.batches;
  if (own) return own.map(toStage);
  if (input.percentage !== undefined) {
    const first = toStage({ percentage: input.percentage, durationMs: input.duration ?? DAY });
    return first.basisPoints >= 10_000 ? [first] : [first, { basisPoints: 10_000, durationMs: DAY }];
  }
  if (input.type === 'scheduled') {
    return presetStages.immediate.map((each) => ({ ...each, startAt: input.schedule ?? '' }));
  }
  return presetStages[input.type ?? 'standard'];
}

/** What a publisher asks for, in one form whatever the publisher wrote. */
export type RolloutRequest = Pick<RolloutPlan, 'type' | 'stages' | 'allow' | 'deny'>;

/** The rollout that an input stands for; without one it is the platform's standard. */
export function toRolloutRequest(input: RolloutInput): RolloutRequest {
  const hasOwnStages = (input.stages ?? input.batches ?? input.percentage) !== undefined;
  return {
    type: input.type ?? (hasOwnStages ? 'gradual' : 'standard'),
    stages: toStages(input),
    allow: input.tenants?.allow ?? [],
    deny: input.tenants?.deny ?? [],
  };
}
