import type { Knex } from 'knex';
import { deliverSlice } from '../adapters/notifiers/deliver';
import type { Notifier } from '../adapters/notifiers/notifier';
import { SECOND } from '../core/duration';
import { repeat } from '../platform/repeat';
import type { LoopContext } from './waitForComponent';

const EVERY_MS = 2 * SECOND;

/**
 * Delivers what was put into the outbox outside a release's workflow, such as the alert about a
 * failed installation: it must go out while Temporal is down, too. Several workers share the work.
 */
export const pumpOutbox = (
  db: Knex,
  notifiers: readonly Notifier[],
  { logger, signal }: LoopContext,
): Promise<void> =>
  repeat(signal, async () => {
    const delivered = await deliverSlice(db, notifiers, new Date()).catch((error: unknown) => {
      logger.warn({ reason: (error as Error).message }, 'the outbox could not be emptied');
      return 0;
    });
    return delivered === 0 ? EVERY_MS : 0;
  });
