import { z } from 'zod';
import { openChallenge } from '../../adapters/db/identity/challenges';
import { listKeys, type PublisherKey } from '../../adapters/db/identity/keys';
import { inPublisher } from '../../adapters/db/transaction';
import { subjectIdSchema } from '../../contracts/identity/identities';
import {
  challengeInputSchema,
  challengeSchema,
  keyInputSchema,
  keyReplySchema,
  publisherKeysSchema,
} from '../../contracts/identity/keys';
import { paths } from '../../contracts/paths';
import { checkIsPublisher } from '../../core/access';
import { refuseIfAny } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { register } from './registerKey';
import type { DistrustHandler } from './revocation';
import { revocationRoutes } from './revocationRoutes';

/** The keys that packages are signed with: publishers register them, everyone with a token reads them. */
export const keyRoutes = (deps: RouteDependencies, distrust: DistrustHandler): Route[] => [
  ...revocationRoutes(deps, distrust),
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
  challengeRoute(deps),
  route({
    method: 'post',
    path: paths.keys,
    access: 'plugin:publish',
    summary:
      'Register an armored OpenPGP public key to the publisher of the token, or bring a registered one up to date.',
    body: keyInputSchema,
    replies: {
      201: documented('Registered', keyReplySchema),
      200: documented('It was registered before', keyReplySchema),
    },
    refusals: [
      ...(['KEY_INVALID', 'KEY_WEAK', 'KEY_FUTURE', 'KEY_EXPIRED', 'KEY_TAKEN'] as const),
      'PUBLISHER_UNKNOWN',
      ...(['KEY_UNPROVEN', 'KEY_CHALLENGE_UNKNOWN', 'KEY_ENDORSEMENT_REQUIRED'] as const),
    ],
    async handle({ body, subject, origin, inName }) {
      refuseIfAny(checkIsPublisher(subject));
      const { created, ...registered } = await register(deps, distrust, body, {
        publisherId: subject.id,
        ...{ origin, inName },
      });
      return reply(created ? 201 : 200, registered);
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

const challengeRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'post',
    path: paths.keyChallenges,
    access: 'plugin:publish',
    summary: 'A challenge, which the private key signs to register its public key; once, within ten minutes.',
    body: challengeInputSchema,
    replies: { 201: documented('What to sign', challengeSchema) },
    refusals: ['PUBLISHER_UNKNOWN'],
    async handle({ body, subject }) {
      refuseIfAny(checkIsPublisher(subject));
      const registration = { publisherId: subject.id, fingerprint: body.fingerprint.toUpperCase() };
      const { nonce, expiresAt } = await openChallenge(deps.db, registration, deps.now());
      const needsEndorsement = (await listKeys(deps.db, subject.id)).length > 0;
      return reply(201, { ...registration, nonce, expiresAt: expiresAt.toISOString(), needsEndorsement });
    },
  });

/** A key as it is shown. */
const toKey = ({ expiresAt, revokedAt, ...key }: PublisherKey) => ({
  ...key,
  expiresAt: expiresAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});
