import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { closeRollback, countActive, withdrawOffer } from '../../adapters/db/rollouts/rollback';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import { withFailures } from '../failures';
import { lastProgress, withHeartbeat, type Heartbeat } from '../heartbeat';
import type { RollbackActivities } from './types';

const POLL_EVERY_MS = 500;
/** Polls in a row without anyone left: a host that was just finishing may still report. */
const QUIET_POLLS = 3;

/** Takes an offer back, waits for the tenants, and closes the rollback. */
export function createRollbackActivities({ db, clock }: { db: Knex; clock: () => Date }): RollbackActivities {
  return withFailures<RollbackActivities>({
    withdrawOffer: ({ order, ...why }) => withdrawOffer(db, order, why, clock()),
    awaitReturns: ({ order, deadlineMs }) =>
      withHeartbeat((heartbeat) => awaitReturns(db, clock, order, deadlineMs, heartbeat)),
    closeRollback: ({ order, remaining }) => closeRollback(db, order, remaining, clock()),
  });
}

/** A retry keeps the deadline of the first attempt: it travels in the heartbeat. */
async function awaitReturns(
  db: Knex,
  clock: () => Date,
  order: RolloutOrder,
  deadlineMs: number,
  heartbeat: Heartbeat,
): Promise<{ remaining: number }> {
  const before = lastProgress() as { deadline?: string } | undefined;
  const deadline = new Date(before?.deadline ?? clock().getTime() + deadlineMs);
  for (let quiet = 0; ;) {
    const remaining = await countActive(db, order);
    quiet = remaining === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET_POLLS || clock() >= deadline) return { remaining };
    heartbeat.progress({ deadline: deadline.toISOString(), remaining });
    await sleep(POLL_EVERY_MS, undefined, { signal: heartbeat.signal });
  }
}
