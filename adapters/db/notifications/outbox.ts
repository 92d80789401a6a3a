import type { Knex } from 'knex';
import type { RecipientKind } from '../../../core/notifications/notifications';
import { countRows } from '../count';
import type { MessageBody } from './tables';

export interface OutboxMessage {
  /** One effect a recipient and occasion, however often the work behind it is retried. */
  key: string;
  recipient: { kind: RecipientKind; id: string };
  /** The release that the message is about, if it is about one: its workflow may wait for the delivery. */
  releaseId?: string | undefined;
  body: MessageBody;
}

/**
 * The key of a message about an occasion; `subjectId` is what it happened to (a release, an invoice, a
 * rating), and `whose` is a tenant's id or a role.
 */
export const outboxKey = (occasion: string, subjectId: string, whose: string): string =>
  `${occasion}:${subjectId}:${whose}`;

/** A message as it is handed to a notifier. */
export interface ClaimedMessage extends OutboxMessage {
  id: number;
}

/** Puts a message into the outbox, in the transaction of what it tells about. */
export async function queueMessage(trx: Knex, message: OutboxMessage, now: Date): Promise<void> {
  await trx('outbox')
    .insert({
      key: message.key,
      recipient_kind: message.recipient.kind,
      recipient_id: message.recipient.id,
      release_id: message.releaseId ?? null,
      body: JSON.stringify(message.body),
      created_at: now,
    })
    .onConflict('key')
    .ignore();
}

/** Takes up to `limit` undelivered messages for this transaction; what another one holds is left to it. */
export async function claimMessages(
  trx: Knex.Transaction,
  limit: number,
  releaseId?: string,
): Promise<ClaimedMessage[]> {
  const rows = await trx('outbox')
    .whereNull('delivered_at')
    .where(releaseId ? { release_id: releaseId } : {})
    .orderBy('id')
    .limit(limit)
    .forUpdate()
    .skipLocked()
    .select('id', 'key', 'recipient_kind', 'recipient_id', 'release_id', 'body');
  return rows.map((row) => ({
    id: row.id,
    key: row.key,
    recipient: { kind: row.recipient_kind, id: row.recipient_id },
    releaseId: row.release_id ?? undefined,
    body: row.body,
  }));
}

/** Marks messages as delivered; with the transaction that delivered them. */
export async function markDelivered(
  trx: Knex,
  messages: readonly ClaimedMessage[],
  now: Date,
): Promise<void> {
  const ids = messages.map(({ id }) => id);
  await trx('outbox')
    .whereIn('id', ids)
    .update({ delivered_at: now, attempts: trx.raw('attempts + 1') });
}

/** Messages of a release that nobody has delivered yet, whoever holds them. */
export const countPending = (knex: Knex, releaseId: string): Promise<number> =>
  countRows(knex('outbox').where({ release_id: releaseId }).whereNull('delivered_at'));
