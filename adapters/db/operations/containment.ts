import type { Knex } from 'knex';
import { HOUR } from '../../../core/duration';
import { containmentLost } from '../../../core/operations/notices';
import { outboxKey, queueMessage } from '../notifications/outbox';

/** Tells the operators that a worker's sandbox is strong no more, once an hour over all workers. */
export const alertContainmentLost = (
  knex: Knex,
  found: { driver: string; detail: string },
  now: Date,
): Promise<void> =>
  queueMessage(
    knex,
    {
      key: outboxKey('containment-lost', String(Math.floor(now.getTime() / HOUR)), 'operators'),
      recipient: { kind: 'operator', id: 'operators' },
      body: containmentLost(found),
    },
    now,
  );
