import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { RolloutState } from '../../../core/releases/rolloutPlan';
import { writeAudit } from '../audit/audit';
import { setRolloutState } from './rollouts';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

export type RolloutEventKind = 'stage_held' | 'rollout_paused' | 'rollout_resumed' | 'rollout_aborted';

/** Holding keeps the rollout as it is, and aborting is followed by the withdrawal of the offer. */
const stateAfter: Record<RolloutEventKind, RolloutState | undefined> = {
  stage_held: undefined,
  rollout_paused: 'paused',
  rollout_resumed: 'active',
  rollout_aborted: undefined,
};

/** Records an event of a rollout, with its audit row (RLO-24); `sequence` is the key by which a retry is recorded once. */
export const recordRolloutEvent = (
  knex: Knex,
  step: {
    releaseId: string;
    versionId: string;
    stage: number;
    kind: RolloutEventKind;
    text: string;
    origin: Origin;
    sequence: number;
  },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, stage, kind, text, origin } = step;
    const key = `rollout-event:${step.sequence}`;
    const line = { key, kind, text, actor: origin.actor, data: { stage } };
    const isNew = (await writeTimeline(trx, releaseId, line, now)) !== undefined;
    const state = stateAfter[kind];
    if (isNew && state) await setRolloutState(trx, versionId, state, now);
    const action = `rollout.${kind.replace('rollout_', '').replace('stage_', '')}`;
    const entry = { key: `${key}:${releaseId}`, action, subject: versionId, ...origin };
    await writeAudit(trx, { ...entry, data: { stage, text } }, now);
  });
