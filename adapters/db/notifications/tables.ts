import type { Notification } from '../../../contracts/notifications/notifications';
import { channels } from '../../../contracts/plugin';
import { recipientKinds } from '../../../core/notifications/notifications';
import { bigint, boolean, integer, json, moment, nullable, oneOf, text, uuid } from '../columns';

/** What a recipient reads; id and time are added on delivery. */
export type MessageBody = Omit<Notification, 'notificationId' | 'createdAt'>;

export const outbox = {
  id: bigint,
  key: text,
  recipient_kind: oneOf(recipientKinds),
  recipient_id: text,
  release_id: nullable(uuid),
  body: json<MessageBody>(),
  created_at: moment,
  delivered_at: nullable(moment),
  attempts: integer,
};

export const notifications = {
  id: uuid,
  key: text,
  recipient_kind: oneOf(recipientKinds),
  recipient_id: text,
  release_id: nullable(uuid),
  body: json<MessageBody>(),
  created_at: moment,
  read_at: nullable(moment),
};

export const subscriptions = {
  tenant_id: text,
  plugin_id: text,
  channel: oneOf(channels),
  auto_upgrade: boolean,
  updated_at: moment,
};
