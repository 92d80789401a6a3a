import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { closeRollback, countActive, withdrawOffer } from '../../adapters/db/rollouts/rollback';
import type { RolloutOrder } from '../../contracts/workflowMessages';
import { withFailures } from '../failures';
import { lastProgress, withHeartbeat, type Pulse } from '../heartbeat';
import type { RollbackActivities } from '../types';

const LOOK_EVERY_MS = 500;
/** Looks in a row without anyone left: a host that was just finishing may still report. */
const QUIET_LOOKS = 3;

/** Takes an offer back, waits for the tenants, and closes the rollback. */
export function createRollbackActivities({ db, clock }: { db: Knex; clock: () => Date }): RollbackActivities {
  return withFailures<RollbackActivities>({
    withdrawOffer: ({ order, ...why }) => withdrawOffer(db, order, why, clock()),
    awaitEveryoneBack: ({ order, deadlineMs }) =>
      withHeartbeat((pulse) => awaitEveryoneBack(db, clock, order, deadlineMs, pulse)),
    closeRollback: ({ order, remaining }) => closeRollback(db, order, remaining, clock()),
  });
}

/** A retry keeps the deadline of the first attempt: it travels in the heartbeat. */
async function awaitEveryoneBack(
  db: Knex,
  clock: () => Date,
  order: RolloutOrder,
  deadlineMs: number,
  pulse: Pulse,
): Promise<{ remaining: number }> {
  const before = lastProgress() as { deadline?: string } | undefined;
  const deadline = new Date(before?.deadline ?? clock().getTime() + deadlineMs);
  for (let quiet = 0; ;) {
    const remaining = await countActive(db, order);
    quiet = remaining === 0 ? quiet + 1 : 0;
    if (quiet >= QUIET_LOOKS || clock() >= deadline) return { remaining };
    pulse.progress({ deadline: deadline.toISOString(), remaining });
    await sleep(LOOK_EVERY_MS, undefined, { signal: pulse.signal });
  }
}
