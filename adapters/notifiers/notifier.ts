import type { Knex } from 'knex';
import type { ClaimedMessage } from '../db/notifications/outbox';

/** A way by which messages reach their recipients: the inbox today; mail and chat have their place here. */
export interface Notifier {
  readonly name: string;
  /**
   * Delivers messages that the transaction holds. Throwing leaves all of them undelivered, so what
   * is sent beyond the database must itself be idempotent by `message.key`.
   */
  deliver(trx: Knex.Transaction, messages: readonly ClaimedMessage[], now: Date): Promise<void>;
}
