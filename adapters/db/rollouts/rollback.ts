import type { Knex } from 'knex';
import type { Origin } from '../../../contracts/audit/origin';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import { describeRollbackEnd, describeWithdrawal } from '../../../core/rollouts/timeline';
import { writeAudit } from '../audit/audit';
import { refusal } from '../../../core/errors/errors';
import { isTerminal } from '../../../core/releases/state';
import { readRelease } from '../releases/record';
import { countRows } from '../count';
import { appendFeed } from './feed';
import { setRolloutState } from './rollouts';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

/**
 * Takes the offer back in one transaction: nobody is offered the version any more, it leaves the
 * catalogue, and hosts that have it learn from the feed what to return to.
 *
 * @throws Refusal RELEASE_STATE when the release has ended
 */
export const withdrawOffer = (
  knex: Knex,
  order: RolloutOrder,
  why: { stage: number; reason: string; origin: Origin },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, previousVersion } = order;
    const { stage, reason, origin } = why;
    const { state, salt } = await readRelease(trx, releaseId);
    // A run that is behind the records takes nothing back that has ended.
    if (isTerminal(state)) throw refusal('RELEASE_STATE', `${versionId} is ${state} and is not rolling out.`);
    await trx('rollouts').where({ version_id: versionId }).update({ basis_points: 0 });
    await setRolloutState(trx, versionId, 'rolling_back', now);
    await trx('versions').where({ id: versionId }).whereNull('withdrawn_at').update({ withdrawn_at: now });
    const key = `withdraw:${releaseId}`;
    // A rule for nobody orders nobody, so it holds without a salt, too.
    const rule = { salt: salt ?? releaseId, basisPoints: 0, allow: [], deny: [] };
    await appendFeed(trx, { key, versionId, kind: 'withdraw', rule, stage, previousVersion }, now);
    const data = { stage, previousVersion, reason };
    await writeTimeline(trx, releaseId, describeWithdrawal(data, origin.actor), now);
    await writeAudit(trx, { key, action: 'rollout.withdraw', subject: versionId, ...origin, data }, now);
  });

/** How many tenants say that they run the version. */
export const countActive = (
  knex: Knex,
  { pluginId, version }: { pluginId: string; version: string },
): Promise<number> => countRows(knex('installations').where({ plugin_id: pluginId, version }));

/** Marks the rollout as rolled back, and says who is not back yet if anyone is. */
export const closeRollback = (knex: Knex, order: RolloutOrder, remaining: number, now: Date): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { releaseId, versionId, previousVersion } = order;
    await setRolloutState(trx, versionId, 'rolled_back', now);
    const ended = { version: order.version, previousVersion, remaining };
    await writeTimeline(trx, releaseId, describeRollbackEnd(ended), now);
    const entry = { key: `rollback:${releaseId}:closed`, action: 'rollout.rolled_back', subject: versionId };
    await writeAudit(trx, { ...entry, ...order.origin, data: { remaining } }, now);
  });
