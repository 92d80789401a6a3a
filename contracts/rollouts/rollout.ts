import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, moment, shareOfTenants } from '../bounds';
import { rolloutStates } from '../../core/releases/rolloutPlan';
import { stageVerdicts } from '../../core/rollouts/verdict';

/** A stage as a release's page shows it: its share, its time, and what tenants reported in it. */
export const stageViewSchema = z.object({
  stage: count,
  basisPoints: shareOfTenants,
  startedAt: moment.nullable(),
  endsAt: moment.nullable(),
  endedAt: moment.nullable(),
  verdict: z.enum(stageVerdicts).nullable(),
  cohort: count,
  installed: count,
  failed: count,
  rolledBack: count,
});
export type StageView = z.infer<typeof stageViewSchema>;

export const rolloutViewSchema = z.object({
  state: z.enum(rolloutStates),
  stage: count,
  basisPoints: shareOfTenants,
  stages: z.array(stageViewSchema).max(limits.stages),
});
