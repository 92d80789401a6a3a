import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { liftExpired, tellHosts } from '../adapters/db/rollouts/restricting';
import { SECOND } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = 2 * SECOND;
const BATCH = 100;

/** Lifts restrictions whose time is over, and tells hosts of what was imposed and lifted. */
export async function followRestrictions(db: Knex, { logger, signal }: LoopContext): Promise<void> {
  while (!signal.aborted) {
    const told = await follow(db).catch((error: unknown) => {
      logger.warn({ reason: getErrorMessage(error) }, 'hosts could not be told of restrictions');
      return 0;
    });
    if (told > 0) logger.info({ told }, 'hosts are told of restrictions');
    if (told < BATCH) await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function follow(db: Knex): Promise<number> {
  await liftExpired(db, BATCH, new Date());
  return tellHosts(db, BATCH, new Date());
}
