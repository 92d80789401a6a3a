import { listCatalogue } from '../../adapters/db/catalogue/catalogue';
import { catalogPageSchema } from '../../contracts/catalogue/catalogue';
import { pageQuerySchema } from '../../contracts/paging';
import { paths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

/** What is listed. */
export const catalogueRoutes = (deps: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.catalogue,
    access: 'public',
    summary: 'The catalogue: of each plugin the newest listed version of each channel.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of the catalogue', catalogPageSchema) },
    async handle({ query }) {
      const { rows, next } = await listCatalogue(deps.db, query);
      return reply(200, { plugins: rows, next });
    },
  }),
];
