import type { Knex } from 'knex';
import { liftExpired, tellHosts } from '../adapters/db/rollouts/restricting';
import { SECOND } from '../core/duration';
import { getErrorMessage } from '../core/errors/thrown';
import { repeat } from '../platform/repeat';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = 2 * SECOND;
const BATCH = 100;

/** Lifts restrictions whose time is over, and tells hosts of what was imposed and lifted. */
export const followRestrictions = (db: Knex, { logger, signal }: LoopContext): Promise<void> =>
  repeat(signal, async () => {
    const told = await follow(db).catch((error: unknown) => {
      logger.warn({ reason: getErrorMessage(error) }, 'hosts could not be told of restrictions');
      return 0;
    });
    if (told > 0) logger.info({ told }, 'hosts are told of restrictions');
    return told < BATCH ? EVERY_MS : 0;
  });

async function follow(db: Knex): Promise<number> {
  await liftExpired(db, BATCH, new Date());
  return tellHosts(db, BATCH, new Date());
}
