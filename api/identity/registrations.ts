import { z } from 'zod';
import { issueTokenFor, registerIdentity, type IdentityKind } from '../../adapters/db/identity/identities';
import {
  issuedTokenSchema,
  publisherInputSchema,
  reviewerInputSchema,
  subjectIdSchema,
  tenantInputSchema,
} from '../../contracts/identity/identities';
import { paths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

interface Registrable {
  kind: IdentityKind;
  path: string;
  tokensPath: string;
  /** The field of the body that names the subject. */
  idField: string;
  body: z.ZodType;
}

/** Who can be registered. */
const registrables: readonly Registrable[] = [
  {
    kind: 'publisher',
    path: paths.publishers,
    tokensPath: paths.publisherTokens,
    idField: 'publisherId',
    body: publisherInputSchema,
  },
  {
    kind: 'tenant',
    path: paths.tenants,
    tokensPath: paths.tenantTokens,
    idField: 'tenantId',
    body: tenantInputSchema,
  },
  {
    kind: 'reviewer',
    path: paths.reviewers,
    tokensPath: paths.reviewerTokens,
    idField: 'reviewerId',
    body: reviewerInputSchema,
  },
];

/** Operators register who takes part, and issue tokens. */
export const registrationRoutes = (deps: RouteDependencies): Route[] => [
  ...registrables.map((each) => registrationRoute(deps, each)),
  ...registrables.map((each) => tokenRoute(deps, each)),
];

const registrationRoute = (deps: RouteDependencies, { kind, path, idField, body }: Registrable): Route =>
  route({
    method: 'post',
    path,
    access: 'admin',
    summary: `Registers a ${kind}, with a token the first time.`,
    body: body as z.ZodType<Record<string, string>>,
    replies: {
      201: documented('Registered; the token is shown this once', issuedTokenSchema),
      200: documented('It was registered before', issuedTokenSchema),
    },
    async handle({ body: fields, origin }) {
      const id = fields[idField] ?? '';
      const who = { kind, id, name: fields.name ?? id };
      const { created, token } = await registerIdentity(deps.db, who, origin, deps.now());
      return reply(created ? 201 : 200, { id, ...(token ? { token } : {}) });
    },
  });

const tokenRoute = (deps: RouteDependencies, { kind, tokensPath }: Registrable): Route =>
  route({
    method: 'post',
    path: tokensPath,
    access: 'admin',
    summary: `Issues a further token of a ${kind}.`,
    params: z.object({ id: subjectIdSchema }),
    replies: { 201: documented('Issued; it is shown this once', issuedTokenSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { id }, origin }) {
      return reply(201, { id, token: await issueTokenFor(deps.db, { kind, id }, origin, deps.now()) });
    },
  });
