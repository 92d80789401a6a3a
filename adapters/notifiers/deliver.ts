import type { Knex } from 'knex';
import { claimMessages, countPending, markDelivered } from '../db/notifications/outbox';
import { inTransaction } from '../db/transaction';
import type { Notifier } from './notifier';

const SLICE = 2_000;
/** How long a slice that another process holds is given before it is asked for again. */
const WAIT_MS = 200;

/** Claims a slice, delivers it and marks it, all or nothing; returns how many messages went out. */
export const deliverSlice = (
  knex: Knex,
  notifiers: readonly Notifier[],
  now: Date,
  releaseId?: string,
): Promise<number> =>
  inTransaction(knex, async (trx) => {
    const messages = await claimMessages(trx, SLICE, releaseId);
    if (messages.length === 0) return 0;
    for (const notifier of notifiers) await notifier.deliver(trx, messages, now);
    await markDelivered(trx, messages, now);
    return messages.length;
  });

/**
 * Delivers everything that a release has in the outbox, and returns when nothing is left, not even
 * with another process. `onSlice` is called after each slice, and may throw to stop.
 */
export async function deliverRelease(
  knex: Knex,
  notifiers: readonly Notifier[],
  releaseId: string,
  { clock, onSlice }: { clock: () => Date; onSlice: (delivered: number) => void },
): Promise<void> {
  for (;;) {
    const delivered = await deliverSlice(knex, notifiers, clock(), releaseId);
    onSlice(delivered);
    if (delivered > 0) continue;
    if ((await countPending(knex, releaseId)) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}
