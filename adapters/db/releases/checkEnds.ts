import type { Knex } from 'knex';
import { checkEndKeyPrefix, describeCheckEnd, type CheckEndCause } from '../../../core/releases/checkEnds';
import { inTransaction } from '../transaction';
import { writeTimeline } from './timeline';

/** Records on the timeline that the process of a check has ended; returns how often it has by now. */
export const recordCheckEnd = (
  knex: Knex,
  releaseId: string,
  { check, cause }: { check: string; cause: CheckEndCause },
  now: Date,
): Promise<number> =>
  inTransaction(knex, async (trx) => {
    const prefix = checkEndKeyPrefix(check);
    const earlier = await trx('timeline')
      .where({ release_id: releaseId })
      .whereRaw('starts_with(key, ?)', [prefix])
      .count({ count: '*' })
      .first();
    const count = Number(earlier?.count ?? 0) + 1;
    await writeTimeline(trx, releaseId, describeCheckEnd(check, cause, count), now);
    return count;
  });
