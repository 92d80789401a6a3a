import { linksSchema } from '../../contracts/operations/links';
import { paths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { restrictionRoutes } from './restrictions';

/** What operators withhold, and where else people may look. */
export const operationsRoutes = (deps: RouteDependencies): Route[] => [
  ...restrictionRoutes(deps),
  linksRoute(deps),
];

const linksRoute = ({ settings }: Pick<RouteDependencies, 'settings'>): Route =>
  route({
    method: 'get',
    path: paths.links,
    access: 'token',
    summary: 'Addresses of the Temporal UI and of this documentation.',
    replies: { 200: documented('The addresses', linksSchema) },
    handle: () => Promise.resolve(reply(200, { temporalUi: settings.temporalUi, docs: '/docs' })),
  });
