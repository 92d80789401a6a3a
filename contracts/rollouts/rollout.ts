import { z } from 'zod';
import { limits } from '../../core/limits';
import { count, lineText, moment, shareOfTenants, text } from '../bounds';
import { rolloutStates } from '../../core/releases/rolloutPlan';
import { failureKinds } from '../../core/rollouts/failureKinds';
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

/** Tenants whose hosts cannot take the version though nothing is wrong with it, by what keeps them from it. */
const troubleViewSchema = z.object({
  code: lineText,
  /** Whose trouble it is. */
  kind: z.enum(failureKinds),
  tenants: count,
  title: lineText,
  /** What helps. */
  next: text(limits.sentences),
});

export const rolloutViewSchema = z.object({
  state: z.enum(rolloutStates),
  stage: count,
  basisPoints: shareOfTenants,
  stages: z.array(stageViewSchema).max(limits.stages),
  /** The most frequent first; none where it is missing. */
  troubles: z.array(troubleViewSchema).max(limits.details).optional(),
});
