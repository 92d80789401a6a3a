import { z } from 'zod';
import { rolloutStates } from '../../core/releases/rolloutPlan';
import { stageVerdicts } from '../../core/rollouts/verdict';

/** A stage as a release's page shows it: its share, its time, and what tenants reported in it. */
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
