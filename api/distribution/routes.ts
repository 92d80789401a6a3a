import type { Response } from 'express';
import { findSignedFile } from '../../adapters/db/distribution/signedFiles';
import { readTrustKey } from '../../adapters/db/identity/trustKeys';
import { metadataFileSchema, targetFileSchema, trustKeySchema } from '../../contracts/distribution/trust';
import { paths, tenantPaths } from '../../contracts/paths';
import { refusal } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

/**
 * What the signer wrote, as it wrote it. Everyone may read it and serve it on: it convinces hosts by its signatures, and
 * names no tenant.
 */
export const distributionRoutes = (deps: RouteDependencies): Route[] => [
  metadataRoute(deps),
  targetRoute(deps),
  trustKeyRoute(deps),
];

const signed = { description: 'The file, byte for byte as it was signed', contentType: 'application/json' };

const metadataRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.trustMetadata,
    access: 'public',
    summary: 'Signed metadata of The Update Framework: root, timestamp, snapshot and targets.',
    params: metadataFileSchema,
    replies: { 200: signed },
    refusals: ['NOT_FOUND'],
    handle: ({ params: { file }, response }) => sendSigned(deps, file, response),
  });

const targetRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'get',
    path: paths.trustTarget,
    access: 'public',
    summary: 'A signed statement about one plugin.',
    params: targetFileSchema,
    replies: { 200: signed },
    refusals: ['NOT_FOUND'],
    handle: ({ params: { file }, response }) => sendSigned(deps, `targets/${file}`, response),
  });

/** The timestamp is written again under its name, and the roots are after a new ceremony; all else never is. */
function cacheControl(name: string): string {
  if (name === 'timestamp.json') return 'no-cache';
  return name.endsWith('.root.json') ? 'public, max-age=60' : 'public, max-age=31536000, immutable';
}

async function sendSigned({ db }: RouteDependencies, name: string, response: Response): Promise<void> {
  const body = await findSignedFile(db, name);
  if (body === undefined) throw refusal('NOT_FOUND', `Nothing is signed as ${name}.`);
  response.status(200).set('Cache-Control', cacheControl(name)).type('application/json').send(body);
}

const trustKeyRoute = ({ db, settings }: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${settings.tenantPrefix}${tenantPaths.trustKey}`,
    access: 'tenant',
    summary: 'The key by which signed rules name the tenant that asks.',
    replies: { 200: documented('The key, which a host is started with', trustKeySchema) },
    async handle({ subject }) {
      const tenantKey = await readTrustKey(db, subject.id);
      return reply(200, { tenantKey }, { 'Cache-Control': 'no-store' });
    },
  });
