import { listInstallations } from '../../adapters/db/installations/tenantRows';
import { inTenant } from '../../adapters/db/transaction';
import { installationListSchema } from '../../contracts/installations/installations';
import { reportBatchSchema, reportReplySchema } from '../../contracts/installations/reports';
import { tenantPaths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { downloadRoute } from './download';
import { takeReports } from './reporting';

/**
 * Packages for tenants, and what their hosts report. Nothing here waits for the workflow engine, so hosts
 * go on while it is away; rows that belong to tenants are read and written in the tenant's own role.
 */
export const installationRoutes = (deps: RouteDependencies): Route[] => [
  downloadRoute(deps),
  route({
    method: 'post',
    path: `${deps.settings.tenantPrefix}${tenantPaths.reports}`,
    access: 'tenant',
    summary: 'Reports of installations; each counts once, by its reportId.',
    body: reportBatchSchema,
    replies: { 202: documented('Taken', reportReplySchema) },
    handle: async ({ body, subject }) => reply(202, await takeReports(deps, subject.id, body.reports)),
  }),
  route({
    method: 'get',
    path: `${deps.settings.tenantPrefix}${tenantPaths.installations}`,
    access: 'tenant',
    summary: 'What the tenant runs, as its host reported.',
    replies: { 200: documented('The installations', installationListSchema) },
    handle: async ({ subject }) =>
      reply(200, { installations: await inTenant(deps.db, subject.id, listInstallations) }),
  }),
];
