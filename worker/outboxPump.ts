import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { deliverSlice } from '../adapters/notifiers/deliver';
import type { Notifier } from '../adapters/notifiers/notifier';
import { SECOND } from '../core/duration';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = 2 * SECOND;

/**
 * Delivers what was put into the outbox outside a release's workflow, such as the alert about a
 * failed installation: it must go out while Temporal is down, too. Several workers share the work.
 */
export async function pumpOutbox(
  db: Knex,
  notifiers: readonly Notifier[],
  { logger, signal }: LoopContext,
): Promise<void> {
  while (!signal.aborted) {
    const delivered = await deliverSlice(db, notifiers, new Date()).catch((error: unknown) => {
      logger.warn({ reason: (error as Error).message }, 'the outbox could not be emptied');
      return 0;
    });
    if (delivered === 0) await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
