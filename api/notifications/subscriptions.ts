import {
  isPluginKnown,
  listSubscriptions,
  putSubscription,
  removeSubscription,
} from '../../adapters/db/notifications/subscriptions';
import { inTenant } from '../../adapters/db/transaction';
import { subscriptionListSchema, subscriptionSchema } from '../../contracts/notifications/subscriptions';
import { refusal } from '../../core/errors/errors';
import { tenantPaths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { byPluginId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';

/** What a tenant is subscribed to, read and written in the tenant's own role. */
export const subscriptionRoutes = ({ db, settings, now }: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: `${settings.tenantPrefix}${tenantPaths.subscriptions}`,
    access: 'tenant',
    summary: 'What the tenant is subscribed to.',
    replies: { 200: documented('The subscriptions', subscriptionListSchema) },
    handle: async ({ subject }) =>
      reply(200, { subscriptions: await inTenant(db, subject.id, listSubscriptions) }),
  }),
  route({
    method: 'put',
    path: `${settings.tenantPrefix}${tenantPaths.subscription}`,
    access: 'tenant',
    summary: 'Subscribes to a plugin, or changes the subscription.',
    params: byPluginId,
    body: subscriptionSchema,
    replies: { 200: documented('Subscribed', subscriptionSchema) },
    refusals: ['SUBSCRIPTIONS_FULL', 'NOT_FOUND'],
    async handle({ params, body, subject }) {
      if (!(await isPluginKnown(db, params.pluginId)))
        throw refusal('NOT_FOUND', `There is no plugin ${params.pluginId}.`);
      await putSubscription(db, subject.id, params.pluginId, body, now());
      return reply(200, body);
    },
  }),
  route({
    method: 'delete',
    path: `${settings.tenantPrefix}${tenantPaths.subscription}`,
    access: 'tenant',
    summary: 'Ends a subscription; none is fine.',
    params: byPluginId,
    replies: { 204: documented('Ended') },
    async handle({ params, subject }) {
      await removeSubscription(db, subject.id, params.pluginId);
      return reply(204);
    },
  }),
];
