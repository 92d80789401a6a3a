import type { Knex } from 'knex';
import { listReleases, listVersions, findOwner } from '../../adapters/db/releases/lists';
import { viewRelease } from '../../adapters/db/releases/view';
import { paths } from '../../contracts/paths';
import {
  pluginVersionsSchema,
  releasePageSchema,
  releaseQuerySchema,
} from '../../contracts/releases/release';
import { releaseViewSchema } from '../../contracts/releases/view';
import { maySeeUnlisted, visiblePublisher } from '../../core/access';
import type { RouteDependencies } from '../http/dependencies';
import { byPluginId, byPublishId, byVersionId } from '../http/parameters';
import { documented, reply, route, type Route } from '../http/route';
import { findVisibleRelease, readAs } from './access';

/** Releases and versions, as far as the caller may see them. */
export const readRoutes = (deps: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.releases,
    access: 'release:read',
    summary: 'Releases, newest first.',
    query: releaseQuerySchema,
    replies: { 200: documented('A page of releases', releasePageSchema) },
    async handle({ query: { limit, cursor, ...filter }, subject }) {
      const visible = { ...filter, publisherId: visiblePublisher(subject) };
      const { rows, next } = await readAs(deps.db, subject, (knex) =>
        listReleases(knex, visible, { limit, cursor }),
      );
      return reply(200, { releases: rows, next });
    },
  }),
  ...[
    { path: paths.release, params: byPublishId, by: 'publishId' },
    { path: paths.version, params: byVersionId, by: 'versionId' },
  ].map(({ path, params, by }) =>
    route({
      method: 'get',
      path,
      access: 'release:read',
      summary: `Everything about a release, by its ${by}.`,
      params,
      replies: { 200: documented('The release', releaseViewSchema) },
      refusals: ['RELEASE_NOT_FOUND'],
      async handle(asked) {
        const id = Object.values(asked.params)[0] as string;
        const release = await findVisibleRelease(deps, asked.subject, id);
        return reply(
          200,
          await readAs(deps.db, asked.subject, (knex) => viewRelease(knex, release, asked.subject)),
        );
      },
    }),
  ),
  route({
    method: 'get',
    path: paths.versions,
    access: 'token',
    summary: 'Versions of a plugin, newest first; others than its publisher see those that were listed.',
    params: byPluginId,
    replies: { 200: documented('The versions', pluginVersionsSchema) },
    async handle({ params: { pluginId }, subject }) {
      const listedOnly = !maySeeUnlisted(subject, await findOwner(deps.db, pluginId));
      const read = (knex: Knex) => listVersions(knex, pluginId, { listedOnly });
      // Within its own rows the publisher does not see what was announced before the plugin was theirs.
      const versions = await (listedOnly ? read(deps.db) : readAs(deps.db, subject, read));
      return reply(200, { versions });
    },
  }),
];
