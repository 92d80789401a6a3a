import type { Knex } from 'knex';
import { readEvidence } from '../../adapters/db/rollouts/evidence';
import { completeRollout, endStage, startStage } from '../../adapters/db/rollouts/rollouts';
import { noteSteering } from '../../adapters/db/rollouts/steering';
import { withFailures } from '../failures';
import type { RolloutActivities } from '../types';

/** A rollout's steps, one transaction each. */
export function createRolloutActivities({ db, clock }: { db: Knex; clock: () => Date }): RolloutActivities {
  return withFailures<RolloutActivities>({
    startStage: async ({ order, stage }) => {
      const { startedAt, endsAt, cohort } = await startStage(db, order, stage, clock());
      return { startedAt: startedAt.toISOString(), endsAt: endsAt.toISOString(), cohort };
    },
    readEvidence: (ref) => readEvidence(db, ref),
    endStage: ({ ref, verdict, text }) => endStage(db, { ...ref, verdict, text }, clock()),
    noteSteering: ({ ref, ...step }) => noteSteering(db, { ...ref, ...step }, clock()),
    completeRollout: (order) => completeRollout(db, order, clock()),
  });
}
