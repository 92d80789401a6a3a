import { alertPageSchema, notificationPageSchema } from '../../contracts/notifications/notifications';
import type { pageQuerySchema } from '../../contracts/paging';
import { paths, tenantPaths } from '../../contracts/paths';
import type { Query, Transport } from '../http/transport';

type PageQuery = Query<typeof pageQuerySchema>;

/** Reads what publishers, tenants and operators were told, newest first. */
export const notificationsClient = (transport: Transport) => ({
  listForPublisher: (query: PageQuery = {}) =>
    transport.json({ method: 'GET', path: paths.notifications, query }, notificationPageSchema),

  listForTenant: (query: PageQuery = {}) =>
    transport.json(
      { method: 'GET', path: transport.tenantPath(tenantPaths.notifications), query },
      notificationPageSchema,
    ),

  /** What operators were told. */
  listAlerts: (query: PageQuery = {}) =>
    transport.json({ method: 'GET', path: paths.alerts, query }, alertPageSchema),
});
