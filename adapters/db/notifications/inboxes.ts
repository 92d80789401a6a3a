import type { Knex } from 'knex';
import type { Notification } from '../../../contracts/notifications/notifications';
import type { RecipientKind } from '../../../core/notifications/notifications';
import type { RowOf } from '../tables';
import { decodeCursor, toPage, type Page, type PageRequest } from '../cursor';

export interface Recipient {
  kind: RecipientKind;
  /** Absent for operators, who share one inbox. */
  id?: string;
}

type Inboxed = Pick<RowOf<'notifications'>, 'id' | 'key' | 'body' | 'created_at'>;

/** Notifications of a recipient, newest first. */
export async function listNotifications(
  knex: Knex,
  recipient: Recipient,
  { limit, cursor }: PageRequest,
): Promise<Page<Notification>> {
  const after = decodeCursor(cursor, ['moment', 'text']);
  const query = knex('notifications')
    .where({ recipient_kind: recipient.kind })
    .orderByRaw('created_at desc, key desc')
    .limit(limit + 1);
  if (recipient.id !== undefined) void query.where({ recipient_id: recipient.id });
  if (after) void query.whereRaw('(created_at, key) < (?, ?)', [new Date(after[0]!), after[1]!]);
  const rows = await query.select('id', 'key', 'body', 'created_at');
  const page = toPage(rows, limit, (row) => [row.created_at.toISOString(), row.key]);
  return { rows: page.rows.map(toNotification), next: page.next };
}

const toNotification = ({ id, body, created_at }: Inboxed): Notification => ({
  ...body,
  notificationId: id,
  createdAt: created_at.toISOString(),
});
