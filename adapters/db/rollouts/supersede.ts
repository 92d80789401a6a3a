import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import type { Problem } from '../../../core/errors/errors';
import { describeSuperseded } from '../../../core/releases/supersession';
import { readRelease } from '../releases/record';
import { readProblems } from '../releases/releases';
import { findWithholding } from '../releases/restrictions';
import { findSuccessor } from '../releases/supersession';
import { changeStateIn } from '../releases/transitions';
import { inTransaction } from '../transaction';
import { hasOpenAbort } from './commands';
import { setRolloutState } from './rollouts';

/**
 * Ends a rollout that goes on or has paused by itself, where a newer version of its channel has completed its own: no
 * host will report on this one any more. Who has the version keeps it. What a person paused, or a restriction
 * withholds, is a person's to end; so is what an operator asked to abort, also where that has not arrived yet.
 *
 * @returns why it ended; undefined where it goes on
 */
export const supersedeRollout = (
  knex: Knex,
  { releaseId, requestId }: { releaseId: string; requestId: string },
  now: Date,
): Promise<Problem[] | undefined> =>
  inTransaction(knex, async (trx) => {
    await trx('releases').where({ id: releaseId }).forNoKeyUpdate().first('id');
    const release = await readRelease(trx, releaseId);
    const { state: from, versionId } = release;
    // A retry finds it done.
    if (from === 'superseded') return readProblems(trx, releaseId);
    if (from === 'paused' && !(await hasPausedByItself(trx, releaseId))) return undefined;
    if ((from !== 'rolling_out' && from !== 'paused') || (await findWithholding(trx, release)))
      return undefined;
    if (await hasOpenAbort(trx, releaseId, now)) return undefined;
    const successor = await findSuccessor(trx, release, 'completed');
    if (successor === undefined) return undefined;
    const found = describeSuperseded(release, successor);
    await setRolloutState(trx, versionId, 'superseded', now);
    const change = { releaseId, from, to: 'superseded', actor: PLATFORM, requestId } as const;
    await changeStateIn(trx, { ...change, reason: found.detail, problems: [found] }, now);
    return [found];
  });

async function hasPausedByItself(trx: Knex, releaseId: string): Promise<boolean> {
  const last = await trx('release_transitions')
    .where({ release_id: releaseId })
    .orderBy('seq', 'desc')
    .first('actor');
  return last?.actor === PLATFORM;
}
