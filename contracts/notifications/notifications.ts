import { z } from 'zod';
import { limits } from '../../core/limits';
import { idText, longText, moment, sentences } from '../bounds';
import { notificationKinds } from '../../core/notifications/notifications';
import { nextCursorSchema } from '../paging';

/** Something that a recipient is told. `pluginId` and `versionId` are null where it is about neither. */
export const notificationSchema = z.object({
  notificationId: z.uuid(),
  kind: z.enum(notificationKinds),
  pluginId: idText.nullable(),
  versionId: idText.nullable(),
  title: sentences,
  message: longText,
  priority: z.enum(['normal', 'high']),
  /** Whether the tenant's host upgrades by itself (NTF-02). */
  upgrade: z.enum(['automatic', 'manual']).nullable(),
  createdAt: moment,
});
export type Notification = z.infer<typeof notificationSchema>;

export const notificationPageSchema = z.object({
  notifications: z.array(notificationSchema).max(limits.page),
  next: nextCursorSchema,
});
/** What operators were told. */
export const alertPageSchema = z.object({
  alerts: z.array(notificationSchema).max(limits.page),
  next: nextCursorSchema,
});
