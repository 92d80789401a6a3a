import { z } from 'zod';
import { nextCursorSchema } from '../paging';

export const notificationSchema = z.object({
  notificationId: z.uuid(),
  kind: z.enum([
    'version_listed',
    'install_failed',
    'rolled_back',
    'release_rejected',
    'sla_warning',
    'sla_breach',
  ]),
  pluginId: z.string(),
  versionId: z.string(),
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
