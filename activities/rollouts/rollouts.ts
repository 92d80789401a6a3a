import { evaluateStage } from '../../adapters/db/rollouts/evaluation';
import { completePassedRollout, endJudgedStage, startPlannedStage } from '../../adapters/db/rollouts/gates';
import { takeCommand } from '../../adapters/db/rollouts/commands';
import { supersedeRollout } from '../../adapters/db/rollouts/supersede';
import { recordRolloutEvent } from '../../adapters/db/rollouts/events';
import { readStanding } from '../../adapters/db/rollouts/standing';
import { describeEvent } from '../../core/rollouts/events';
import { describeStageEnd } from '../../core/rollouts/timeline';
import { withFailures } from '../failures';
import { planRollout, type PlanDeps } from './plan';
import type { RolloutActivities } from './types';

/** A rollout's plan and its steps, one transaction each. */
export function createRolloutActivities(deps: PlanDeps): RolloutActivities {
  const { db, clock } = deps;
  return withFailures<RolloutActivities>({
    planRollout: (release) => planRollout(deps, release),
    readStanding: (order) => readStanding(db, order, clock()),
    startStage: async ({ order, stage }) => {
      const { startedAt, endsAt, cohort } = await startPlannedStage(db, order, stage, clock());
      return { startedAt: startedAt.toISOString(), endsAt: endsAt.toISOString(), cohort };
    },
    evaluateStage: (ref) => evaluateStage(db, ref, clock()),
    endStage: ({ ref, verdict, text }) => {
      const entry = describeStageEnd({ stage: ref.stage, verdict, text });
      return endJudgedStage(db, { ...ref, verdict, entry }, clock());
    },
    recordRolloutEvent: ({ ref, kind, text, origin, sequence }) => {
      const entry = describeEvent({ kind, stage: ref.stage, text, actor: origin.actor, sequence });
      return recordRolloutEvent(db, { ...ref, kind, entry, origin }, clock());
    },
    takeCommand: (reference) => takeCommand(db, reference, clock()),
    supersedeRollout: async ({ releaseId, origin: { requestId } }) =>
      (await supersedeRollout(db, { releaseId, requestId }, clock())) ?? null,
    completeRollout: async (order) => ({ completed: await completePassedRollout(db, order, clock()) }),
  });
}
