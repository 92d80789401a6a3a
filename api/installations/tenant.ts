import { inTenant } from '../../adapters/db/transaction';
import { putSubscription, removeSubscription } from '../../adapters/db/notifications/subscriptions';
import { listNotifications } from '../../adapters/db/notifications/inboxes';
import { findOffer } from '../../adapters/db/rollouts/offers';
import { listInstallations, listSubscriptions } from '../../adapters/db/installations/tenantRows';
import { reportBatchSchema, reportReplySchema } from '../../contracts/installations/reports';
import { rolloutStatusSchema } from '../../contracts/rollouts/status';
import { subscriptionSchema, subscriptionListSchema } from '../../contracts/notifications/subscriptions';
import { pageQuerySchema } from '../../contracts/paging';
import { notificationPageSchema } from '../../contracts/notifications/notifications';
import { installationListSchema } from '../../contracts/installations/installations';
import { parseVersionId } from '../../core/ids';
import type { RouteDependencies } from '../http/dependencies';
import { downloadRoute } from './download';
import { feedRoute } from '../rollouts/feed';
import { byPluginId, byVersionId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';
import { takeReports } from './reporting';
import { rolloutStatus } from '../rollouts/status';

/**
 * What a tenant's host asks and tells. Nothing here waits for the workflow engine, so hosts go on
 * while it is away; rows that belong to tenants are read and written in the tenant's own role.
 */
export const tenantRoutes = (at: RouteDependencies): Route[] => [
  feedRoute(at),
  downloadRoute(at),
  ...telling(at),
  ...subscriptions(at),
  rolloutRoute(at),
];

const telling = (at: RouteDependencies): Route[] => [
  route({
    method: 'post',
    path: `${at.settings.tenantPrefix}/reports`,
    access: 'tenant',
    summary: 'Reports of installations; each counts once, by its reportId.',
    body: reportBatchSchema,
    replies: { 202: documented('Taken', reportReplySchema) },
    handle: async ({ body, subject }) => reply(202, await takeReports(at, subject.id, body.reports)),
  }),
  route({
    method: 'get',
    path: `${at.settings.tenantPrefix}/notifications`,
    access: 'tenant',
    summary: 'What the tenant was told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of notifications', notificationPageSchema) },
    async handle({ query, subject }) {
      const recipient = { kind: 'tenant' as const, id: subject.id };
      const { rows, next } = await inTenant(at.db, subject.id, (trx) =>
        listNotifications(trx, recipient, query),
      );
      return reply(200, { notifications: rows, next });
    },
  }),
  route({
    method: 'get',
    path: `${at.settings.tenantPrefix}/installations`,
    access: 'tenant',
    summary: 'What the tenant runs, as its host reported.',
    replies: { 200: documented('The installations', installationListSchema) },
    handle: async ({ subject }) =>
      reply(200, { installations: await inTenant(at.db, subject.id, listInstallations) }),
  }),
];

const subscriptions = (at: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: `${at.settings.tenantPrefix}/subscriptions`,
    access: 'tenant',
    summary: 'What the tenant is subscribed to.',
    replies: { 200: documented('The subscriptions', subscriptionListSchema) },
    handle: async ({ subject }) =>
      reply(200, { subscriptions: await inTenant(at.db, subject.id, listSubscriptions) }),
  }),
  route({
    method: 'put',
    path: `${at.settings.tenantPrefix}/subscriptions/{pluginId}`,
    access: 'tenant',
    summary: 'Subscribes to a plugin, or changes the subscription.',
    params: byPluginId,
    body: subscriptionSchema,
    replies: { 200: documented('Subscribed', subscriptionSchema) },
    async handle({ params, body, subject }) {
      await putSubscription(at.db, subject.id, params.pluginId, body, at.now());
      return reply(200, body);
    },
  }),
  route({
    method: 'delete',
    path: `${at.settings.tenantPrefix}/subscriptions/{pluginId}`,
    access: 'tenant',
    summary: 'Ends a subscription; none is fine.',
    params: byPluginId,
    replies: { 204: documented('Ended') },
    async handle({ params, subject }) {
      await removeSubscription(at.db, subject.id, params.pluginId);
      return reply(204);
    },
  }),
];

const rolloutRoute = (at: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${at.settings.tenantPrefix}/rollouts/{versionId}`,
    access: 'tenant',
    summary: 'Whether a version is available to the tenant, and if not, when that may change.',
    params: byVersionId,
    replies: { 200: documented('The standing', rolloutStatusSchema) },
    async handle({ params, subject }) {
      const { pluginId = '', version = '' } = parseVersionId(params.versionId) ?? {};
      return reply(200, rolloutStatus(await findOffer(at.db, subject.id, pluginId, version)));
    },
  });
