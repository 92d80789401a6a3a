import { z } from 'zod';
import { notificationKinds } from '../../core/notifications/notifications';
import { nextCursorSchema } from '../paging';

/** Something that a recipient is told. `pluginId` and `versionId` are null where it is about neither. */
export const notificationSchema = z.object({
  notificationId: z.uuid(),
  kind: z.enum(notificationKinds),
  pluginId: z.string().nullable(),
  versionId: z.string().nullable(),
  title: z.string(),
  message: z.string(),
  priority: z.enum(['normal', 'high']),
  /** Whether the tenant's host upgrades by itself (NTF-02). */
  upgrade: z.enum(['automatic', 'manual']).nullable(),
  createdAt: z.iso.datetime(),
});
export type Notification = z.infer<typeof notificationSchema>;

export const notificationPageSchema = z.object({
  notifications: z.array(notificationSchema),
  next: nextCursorSchema,
});
/** What operators were told. */
export const alertPageSchema = z.object({ alerts: z.array(notificationSchema), next: nextCursorSchema });
