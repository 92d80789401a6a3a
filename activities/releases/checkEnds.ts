import type { Knex } from 'knex';
import { recordCheckEnd } from '../../adapters/db/releases/checkEnds';
import { CheckEnded } from '../../adapters/scanners/checker/checkEnded';
import { describeRepeatedEnd, MAX_CHECK_ENDS } from '../../core/releases/checkEnds';

/** What a check came to, or the sentence for which the release is rejected because the package keeps ending it. */
export type Ended<T> = { outcome: 'finished'; result: T } | { outcome: 'ended'; detail: string };

/**
 * Runs a check whose process the package may end. Each end is recorded and thrown, so that the check is tried
 * again; the last one allowed is the answer. A failure of ours is not counted, whatever it was.
 */
export async function countEnds<T>(
  { db, clock }: { db: Knex; clock: () => Date },
  { releaseId, check }: { releaseId: string; check: string },
  work: () => Promise<T>,
): Promise<Ended<T>> {
  try {
    return { outcome: 'finished', result: await work() };
  } catch (error) {
    if (!(error instanceof CheckEnded)) throw error;
    const { why } = error;
    const count = await recordCheckEnd(db, releaseId, { check, cause: why }, clock());
    if (count < MAX_CHECK_ENDS) throw error;
    return { outcome: 'ended', detail: describeRepeatedEnd(check, why) };
  }
}
