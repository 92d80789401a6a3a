import { listKeys } from '../../adapters/db/identity/keys';
import { listCatalogue } from '../../adapters/db/catalogue/catalogue';
import { listVersions, ownerOf } from '../../adapters/db/releases/lists';
import { z } from 'zod';
import { pageQuerySchema } from '../../contracts/paging';
import { catalogPageSchema } from '../../contracts/catalogue/catalogue';
import { pluginVersionsSchema } from '../../contracts/releases/release';
import { subjectIdSchema, whoamiSchema } from '../../contracts/identity/identities';
import { publisherKeysSchema } from '../../contracts/identity/keys';
import { linksSchema } from '../../contracts/operations/links';
import { maySeeUnlisted } from '../../core/access';
import type { RouteDependencies } from '../http/dependencies';
import { byPluginId } from '../http/parameters';
import { toKey } from '../releases/publisher';
import { documented, reply, route, type Route } from '../http/route';

const BASE = '/api/marketplace';

/** What is public, and what everyone with a token may ask. */
export const everyonesRoutes = (at: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: `${BASE}/plugins`,
    access: 'public',
    summary: 'The catalogue: of each plugin the newest listed version of each channel.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of the catalogue', catalogPageSchema) },
    async handle({ query }) {
      const { rows, next } = await listCatalogue(at.db, query);
      return reply(200, { plugins: rows, next });
    },
  }),
  route({
    method: 'get',
    path: `${BASE}/plugins/{pluginId}/versions`,
    access: 'token',
    summary: 'Versions of a plugin, newest first; others than its publisher see those that were listed.',
    params: byPluginId,
    replies: { 200: documented('The versions', pluginVersionsSchema) },
    async handle({ params: { pluginId }, subject }) {
      const listedOnly = !maySeeUnlisted(subject, await ownerOf(at.db, pluginId));
      return reply(200, { versions: await listVersions(at.db, pluginId, { listedOnly }) });
    },
  }),
  route({
    method: 'get',
    path: `${BASE}/publishers/{publisherId}/keys`,
    access: 'token',
    summary: 'Signing keys of a publisher, revoked ones too: what packages are verified with.',
    params: z.object({ publisherId: subjectIdSchema }),
    replies: { 200: documented('The keys', publisherKeysSchema) },
    handle: async ({ params }) =>
      reply(200, { keys: (await listKeys(at.db, params.publisherId)).map(toKey) }),
  }),
  route({
    method: 'get',
    path: `${BASE}/whoami`,
    access: 'token',
    summary: 'Whom the token speaks for, and what it may do.',
    replies: { 200: documented('The subject', whoamiSchema) },
    handle: ({ subject: { kind, id, scopes } }) => Promise.resolve(reply(200, { kind, id, scopes })),
  }),
  route({
    method: 'get',
    path: '/api/links',
    access: 'token',
    summary: 'Addresses of the Temporal UI and of this documentation.',
    replies: { 200: documented('The addresses', linksSchema) },
    handle: () => Promise.resolve(reply(200, { temporalUi: at.settings.temporalUi, docs: '/docs' })),
  }),
];
