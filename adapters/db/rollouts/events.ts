import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { TimelineEntry } from '../../../core/releases/timeline';
import { stateAfterEvent, type RolloutEventKind } from '../../../core/rollouts/events';
import { writeAudit } from '../audit/audit';
import { setRolloutState } from './rollouts';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

/** Records an event of a rollout by its timeline entry, with an audit row (RLO-24); a retry adds neither. */
export const recordRolloutEvent = (
  knex: Knex,
  event: {
    releaseId: string;
    versionId: string;
    stage: number;
    kind: RolloutEventKind;
    entry: TimelineEntry;
    origin: Origin;
  },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, stage, kind, entry, origin } = event;
    const isNew = (await writeTimeline(trx, releaseId, entry, now)) !== undefined;
    const state = stateAfterEvent[kind];
    if (isNew && state) await setRolloutState(trx, versionId, state, now);
    const action = `rollout.${kind.replace('rollout_', '').replace('stage_', '')}`;
    const audit = { key: `${entry.key}:${releaseId}`, action, subject: versionId, ...origin };
    await writeAudit(trx, { ...audit, data: { stage, text: entry.text } }, now);
  });
