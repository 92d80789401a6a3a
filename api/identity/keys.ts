import { z } from 'zod';
import { listKeys, registerKey, type PublisherKey } from '../../adapters/db/identity/keys';
import { inPublisher } from '../../adapters/db/transaction';
import { readArmoredKey } from '../../adapters/identity/publicKeys';
import { subjectIdSchema } from '../../contracts/identity/identities';
import { keyInputSchema, keyReplySchema, publisherKeysSchema } from '../../contracts/identity/keys';
import { paths } from '../../contracts/paths';
import { checkKeyHolder } from '../../core/access';
import { refuseIfAny } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

/** The keys that packages are signed with: publishers register them, everyone with a token reads them. */
export const keyRoutes = (deps: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.publisherKeys,
    access: 'token',
    summary: 'Signing keys of a publisher, revoked ones too: what packages are verified with.',
    params: z.object({ publisherId: subjectIdSchema }),
    replies: { 200: documented('The keys', publisherKeysSchema) },
    handle: async ({ params }) =>
      reply(200, { keys: (await listKeys(deps.db, params.publisherId)).map(toKey) }),
  }),
  route({
    method: 'post',
    path: paths.keys,
    access: 'plugin:publish',
    summary: 'Register an armored OpenPGP public key to the publisher of the token.',
    body: keyInputSchema,
    replies: {
      201: documented('Registered', keyReplySchema),
      200: documented('It was registered before', keyReplySchema),
    },
    refusals: ['KEY_INVALID', 'KEY_TAKEN', 'PUBLISHER_UNKNOWN'],
    async handle({ body, subject, origin }) {
      refuseIfAny(checkKeyHolder(subject));
      const { fingerprint, expiresAt } = await readArmoredKey(body.armored);
      const key = { publisherId: subject.id, fingerprint, armored: body.armored, expiresAt };
      const { created } = await registerKey(deps.db, key, origin, deps.now());
      return reply(created ? 201 : 200, { fingerprint, publisherId: subject.id });
    },
  }),
  route({
    method: 'get',
    path: paths.keys,
    access: 'plugin:publish',
    summary: 'The signing keys of the publisher of the token.',
    replies: { 200: documented('The keys', publisherKeysSchema) },
    async handle({ subject }) {
      const keys = await inPublisher(deps.db, subject.id, (trx) => listKeys(trx, subject.id));
      return reply(200, { keys: keys.map(toKey) });
    },
  }),
];

/** A key as it is shown. */
const toKey = ({ expiresAt, revokedAt, ...key }: PublisherKey) => ({
  ...key,
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});
