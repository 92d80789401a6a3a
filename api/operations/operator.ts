import { listNotifications } from '../../adapters/db/notifications/inboxes';
import { issueTokenFor, registerIdentity, type IdentityKind } from '../../adapters/db/identity/identities';
import { z } from 'zod';
import {
  publisherInputSchema,
  tenantInputSchema,
  reviewerInputSchema,
  issuedTokenSchema,
  subjectIdSchema,
} from '../../contracts/identity/identities';
import {
  rolloutActions,
  type RolloutAction,
  rolloutActionReplySchema,
} from '../../contracts/rollouts/control';
import { pageQuerySchema } from '../../contracts/paging';
import { alertPageSchema } from '../../contracts/notifications/notifications';
import { refusal } from '../../core/errors/errors';
import type { ReleaseState } from '../../core/releases/state';
import type { RouteDependencies } from '../http/dependencies';
import { byVersionId } from '../http/parameters';
import { visibleRelease } from '../releases/access';
import { documented, reply, route, type Route } from '../http/route';

const BASE = '/api/marketplace';

/** Who can be registered: the name in paths, and what it is. */
const identities = [
  { plural: 'publishers', kind: 'publisher', key: 'publisherId', body: publisherInputSchema },
  { plural: 'tenants', kind: 'tenant', key: 'tenantId', body: tenantInputSchema },
  { plural: 'reviewers', kind: 'reviewer', key: 'reviewerId', body: reviewerInputSchema },
] as const satisfies { plural: string; kind: IdentityKind; key: string; body: z.ZodType }[];

/** What operators do: register who takes part, steer rollouts, see what went wrong. */
export const operatorRoutes = (at: RouteDependencies): Route[] => [
  ...rolloutActions.map((action) => steering(at, action)),
  ...identities.map((identity) => registration(at, identity)),
  ...identities.map(({ plural, kind }) => furtherToken(at, plural, kind)),
  route({
    method: 'get',
    path: `${BASE}/admin/alerts`,
    access: 'admin',
    summary: 'What operators were told, newest first.',
    query: pageQuerySchema,
    replies: { 200: documented('A page of alerts', alertPageSchema) },
    async handle({ query }) {
      const { rows, next } = await listNotifications(at.db, { kind: 'operator' }, query);
      return reply(200, { alerts: rows, next });
    },
  }),
];

const steering = (at: RouteDependencies, action: RolloutAction): Route =>
  route({
    method: 'post',
    path: `${BASE}/rollouts/{versionId}/${action}`,
    access: 'rollout:steer',
    summary: `Asks a running rollout to ${action}; the timeline says when it has.`,
    params: byVersionId,
    replies: { 202: documented('Asked', rolloutActionReplySchema) },
    refusals: ['ROLLOUT_NOT_ACTIVE', 'RELEASE_NOT_FOUND'],
    async handle({ params: { versionId }, subject, origin }) {
      const { state } = await visibleRelease(at, subject, versionId);
      const sent = isRolling(state) && (await at.workflows.steer(versionId, action, origin));
      if (!sent) throw refusal('ROLLOUT_NOT_ACTIVE', `No rollout of ${versionId} is running.`);
      return reply(202, { versionId, action });
    },
  });

/** Whether a rollout's own workflow is running, or about to. */
const isRolling = (state: ReleaseState): boolean => state === 'rolling_out' || state === 'paused';

const registration = (at: RouteDependencies, identity: (typeof identities)[number]): Route =>
  route({
    method: 'post',
    path: `${BASE}/admin/${identity.plural}`,
    access: 'admin',
    summary: `Registers a ${identity.kind}, with a token the first time.`,
    body: identity.body as z.ZodType<Record<string, string>>,
    replies: {
      201: documented('Registered; the token is shown this once', issuedTokenSchema),
      200: documented('It was registered before', issuedTokenSchema),
    },
    async handle({ body, origin }) {
      const id = body[identity.key] ?? '';
      const who = { kind: identity.kind, id, name: body.name ?? id };
      const { created, token } = await registerIdentity(at.db, who, origin, at.now());
      return reply(created ? 201 : 200, { id, ...(token ? { token } : {}) });
    },
  });

const furtherToken = (at: RouteDependencies, plural: string, kind: IdentityKind): Route =>
  route({
    method: 'post',
    path: `${BASE}/admin/${plural}/{id}/tokens`,
    access: 'admin',
    summary: `Issues a further token of a ${kind}.`,
    params: z.object({ id: subjectIdSchema }),
    replies: { 201: documented('Issued; it is shown this once', issuedTokenSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { id }, origin }) {
      return reply(201, { id, token: await issueTokenFor(at.db, { kind, id }, origin, at.now()) });
    },
  });
