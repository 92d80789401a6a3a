import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { RolloutState } from '../../../core/releases/rolloutPlan';
import { writeAudit } from '../audit/audit';
import { setRolloutState } from './rollouts';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

export type SteeringKind = 'stage_held' | 'rollout_paused' | 'rollout_resumed' | 'rollout_aborted';

/** Holding keeps the rollout as it is, and aborting is followed by the withdrawal of the offer. */
const stateAfter: Record<SteeringKind, RolloutState | undefined> = {
  stage_held: undefined,
  rollout_paused: 'paused',
  rollout_resumed: 'active',
  rollout_aborted: undefined,
};

/** Puts a step of steering on record, with its audit row (RLO-24); `turn` makes a retry land on itself. */
export const noteSteering = (
  knex: Knex,
  step: {
    releaseId: string;
    versionId: string;
    stage: number;
    kind: SteeringKind;
    text: string;
    origin: Origin;
    turn: number;
  },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, stage, kind, text, origin } = step;
    const key = `steering:${step.turn}`;
    const line = { key, kind, text, actor: origin.actor, data: { stage } };
    const isNew = (await writeTimeline(trx, releaseId, line, now)) !== undefined;
    const state = stateAfter[kind];
    if (isNew && state) await setRolloutState(trx, versionId, state, now);
    const action = `rollout.${kind.replace('rollout_', '').replace('stage_', '')}`;
    const entry = { key: `${key}:${releaseId}`, action, subject: versionId, ...origin };
    await writeAudit(trx, { ...entry, data: { stage, text } }, now);
  });
