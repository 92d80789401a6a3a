import { listNotifications } from '../../adapters/db/notifications/inboxes';
import { inPublisher, inTenant } from '../../adapters/db/transaction';
import { alertPageSchema, notificationPageSchema } from '../../contracts/notifications/notifications';
import { pageQuerySchema } from '../../contracts/paging';
import { paths, tenantPaths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { subscriptionRoutes } from './subscriptions';

/**
 * What publishers, operators and tenants were told, and what tenants want to be told of. Rows that belong
 * to somebody are read in that one's own role: the database shows the query nothing else.
 */
export const notificationRoutes = (deps: RouteDependencies): Route[] => [
  publisherInbox(deps),
  alerts(deps),
  tenantInbox(deps),
  ...subscriptionRoutes(deps),
];

const publisherInbox = ({ db }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.notifications,
    access: 'plugin:publish',
    summary: 'What the publisher was told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of notifications', notificationPageSchema) },
    async handle({ query, subject: { id } }) {
      const { rows, next } = await inPublisher(db, id, (trx) =>
        listNotifications(trx, { kind: 'publisher', id }, query),
      );
      return reply(200, { notifications: rows, next });
    },
  });

const alerts = ({ db }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.alerts,
    access: 'admin',
    summary: 'What operators were told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of alerts', alertPageSchema) },
    async handle({ query }) {
      const { rows, next } = await listNotifications(db, { kind: 'operator' }, query);
      return reply(200, { alerts: rows, next });
    },
  });

const tenantInbox = ({ db, settings }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${settings.tenantPrefix}${tenantPaths.notifications}`,
    access: 'tenant',
    summary: 'What the tenant was told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of notifications', notificationPageSchema) },
    async handle({ query, subject: { id } }) {
      const { rows, next } = await inTenant(db, id, (trx) =>
        listNotifications(trx, { kind: 'tenant', id }, query),
      );
      return reply(200, { notifications: rows, next });
    },
  });
