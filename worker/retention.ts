import type { Knex } from 'knex';
import { deleteExpired } from '../adapters/db/operations/retention';
import { HOUR } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import { retention } from '../core/operations/retention';
import { repeat } from '../platform/repeat';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = HOUR;
/** Few enough that a statement is short, whatever has piled up. */
const BATCH = 1_000;

/** Deletes everything that was kept long enough, batch by batch; returns how many rows went. */
export async function sweepExpired(db: Knex, now: Date, signal: AbortSignal): Promise<number> {
  let total = 0;
  for (const rule of retention) {
    for (let deleted = BATCH; deleted === BATCH && !signal.aborted; total += deleted) {
      deleted = await deleteExpired(db, rule, BATCH, now);
    }
  }
  return total;
}

/** Sweeps every hour until it is asked to end; several workers may do so at once. */
export const keepRetention = (db: Knex, { logger, signal }: LoopContext): Promise<void> =>
  repeat(signal, async () => {
    await sweepExpired(db, new Date(), signal).then(
      (deleted) => logger.info({ deleted }, 'rows that were kept long enough are deleted'),
      (error: unknown) => logger.warn({ reason: getErrorMessage(error) }, 'old rows could not be deleted'),
    );
    return EVERY_MS;
  });
