import { addReviewInfo } from '../../adapters/db/reviews/reviews';
import { listKeys, registerKey, type PublisherKey } from '../../adapters/db/identity/keys';
import { listReleases } from '../../adapters/db/releases/lists';
import { isoOrNull, viewRelease } from '../../adapters/db/releases/view';
import { listNotifications } from '../../adapters/db/notifications/inboxes';
import { inPublisher } from '../../adapters/db/transaction';
import { readArmoredKey } from '../../adapters/identity/publicKeys';
import { publishRequestSchema, receiptSchema, uploadPlanSchema } from '../../contracts/releases/publish';
import { releaseViewSchema } from '../../contracts/releases/view';
import { submitReviewSchema } from '../../contracts/reviews/review';
import { checkKeyHolder, visiblePublisher } from '../../core/access';
import { refusal, refuseIfAny } from '../../core/errors/errors';
import { finaliseReplySchema, releaseQuerySchema, releasePageSchema } from '../../contracts/releases/release';
import { keyInputSchema, keyReplySchema, publisherKeysSchema } from '../../contracts/identity/keys';
import { pageQuerySchema } from '../../contracts/paging';
import { notificationPageSchema } from '../../contracts/notifications/notifications';
import { isTerminal } from '../../core/releases/state';
import type { RouteDependencies } from '../http/dependencies';
import { byPublishId, byVersionId } from '../http/parameters';
import { publish } from './publish';
import { readAs, visibleRelease } from './access';
import { documented, reply, route, type Route } from '../http/route';
import { finaliseUpload, uploadPlan } from './uploads';

const BASE = '/api/marketplace';

/** What publishers do. Reviewers and operators may read releases here as well. */
export const publisherRoutes = (at: RouteDependencies): Route[] => [
  ...publishing(at),
  ...releases(at),
  ...keys(at),
];

const publishing = (at: RouteDependencies): Route[] => [
  route({
    method: 'post',
    path: `${BASE}/plugins/publish`,
    access: 'plugin:publish',
    summary: 'Submit a version. The same submission again gives the same receipt.',
    body: publishRequestSchema,
    replies: { 202: documented('Accepted; the package may be uploaded', receiptSchema) },
    refusals: [
      'VERSION_CONFLICT',
      'REQUEST_ID_REUSED',
      'SIGNATURE_REQUIRED',
      'VERSION_NOT_INCREMENTED',
      'RATE_LIMITED',
    ],
    handle: async (asked) => reply(202, await publish(at, asked)),
  }),
  route({
    method: 'get',
    path: `${BASE}/plugins/{versionId}/upload`,
    access: 'plugin:publish',
    summary: 'The upload plan: every part, and a signed request for each that is missing.',
    params: byVersionId,
    replies: { 200: documented('The plan', uploadPlanSchema) },
    refusals: ['RELEASE_NOT_FOUND', 'UPLOAD_EXPIRED', 'RELEASE_STATE'],
    handle: async ({ params, subject }) =>
      reply(200, await uploadPlan(at, await visibleRelease(at, subject, params.versionId))),
  }),
  route({
    method: 'post',
    path: `${BASE}/plugins/{versionId}/upload/finalise`,
    access: 'plugin:publish',
    summary: 'Say that every part was sent.',
    params: byVersionId,
    replies: { 202: documented('The upload is complete', finaliseReplySchema) },
    refusals: ['UPLOAD_INCOMPLETE', 'UPLOAD_EXPIRED', 'RELEASE_STATE'],
    handle: async ({ params, subject, origin }) =>
      reply(202, await finaliseUpload(at, subject, params.versionId, origin)),
  }),
  route({
    method: 'post',
    path: `${BASE}/plugins/{versionId}/submit-review`,
    access: 'plugin:publish',
    summary: 'Tell the reviewer more.',
    params: byVersionId,
    body: submitReviewSchema,
    replies: { 202: documented('Added', finaliseReplySchema) },
    refusals: ['RELEASE_NOT_FOUND', 'REVIEW_CLOSED'],
    async handle({ params, subject, body, origin }) {
      const { releaseId, versionId, state } = await visibleRelease(at, subject, params.versionId);
      if (isTerminal(state)) throw refusal('REVIEW_CLOSED', `The review of ${versionId} is closed.`);
      await addReviewInfo(at.db, { releaseId, ...body, origin }, at.now());
      return reply(202, { versionId, state });
    },
  }),
];

const releases = (at: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: `${BASE}/releases`,
    access: 'release:read',
    summary: 'Releases, newest first.',
    query: releaseQuerySchema,
    replies: { 200: documented('A page of releases', releasePageSchema) },
    async handle({ query: { limit, cursor, ...filter }, subject }) {
      const mine = { ...filter, publisherId: visiblePublisher(subject) };
      const { rows, next } = await readAs(at.db, subject, (knex) =>
        listReleases(knex, mine, { limit, cursor }),
      );
      return reply(200, { releases: rows, next });
    },
  }),
  ...[
    { path: `${BASE}/releases/{publishId}`, params: byPublishId, by: 'publishId' },
    { path: `${BASE}/plugins/{versionId}`, params: byVersionId, by: 'versionId' },
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
        const release = await visibleRelease(at, asked.subject, id);
        return reply(200, await readAs(at.db, asked.subject, (knex) => viewRelease(knex, release)));
      },
    }),
  ),
];

const keys = (at: RouteDependencies): Route[] => [
  route({
    method: 'post',
    path: `${BASE}/keys`,
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
      const { created } = await registerKey(at.db, key, origin, at.now());
      return reply(created ? 201 : 200, { fingerprint, publisherId: subject.id });
    },
  }),
  route({
    method: 'get',
    path: `${BASE}/keys`,
    access: 'plugin:publish',
    summary: 'The own keys.',
    replies: { 200: documented('The keys', publisherKeysSchema) },
    async handle({ subject }) {
      const keys = await inPublisher(at.db, subject.id, (trx) => listKeys(trx, subject.id));
      return reply(200, { keys: keys.map(toKey) });
    },
  }),
  route({
    method: 'get',
    path: `${BASE}/notifications`,
    access: 'plugin:publish',
    summary: 'What the publisher was told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of notifications', notificationPageSchema) },
    async handle({ query, subject }) {
      const recipient = { kind: 'publisher' as const, id: subject.id };
      const { rows, next } = await inPublisher(at.db, subject.id, (trx) =>
        listNotifications(trx, recipient, query),
      );
      return reply(200, { notifications: rows, next });
    },
  }),
];

/** A key as it is shown. */
export const toKey = ({ expiresAt, revokedAt, ...key }: PublisherKey) => ({
  ...key,
  expiresAt: isoOrNull(expiresAt),
  revokedAt: isoOrNull(revokedAt),
});
