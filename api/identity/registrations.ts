import { z } from 'zod';
import { issueTokenFor, registerIdentity, type IdentityKind } from '../../adapters/db/identity/identities';
import type { IssuedToken } from '../../adapters/db/identity/tokens';
import {
  issuedTokenSchema,
  publisherInputSchema,
  reviewerInputSchema,
  subjectIdSchema,
  tenantInputSchema,
} from '../../contracts/identity/identities';
import { tokenInputSchema } from '../../contracts/identity/tokens';
import { paths } from '../../contracts/paths';
import { subjectKinds, type SubjectKind } from '../../core/access';
import { parseDuration } from '../../core/duration';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

interface Registrable {
  kind: IdentityKind;
  path: string;
  /** The field of the body that names the subject. */
  idField: string;
  body: z.ZodType;
}

/** Who can be registered. */
const registrables: readonly Registrable[] = [
  {
    kind: 'publisher',
    path: paths.publishers,
    idField: 'publisherId',
    body: publisherInputSchema,
  },
  {
    kind: 'tenant',
    path: paths.tenants,
    idField: 'tenantId',
    body: tenantInputSchema,
  },
  {
    kind: 'reviewer',
    path: paths.reviewers,
    idField: 'reviewerId',
    body: reviewerInputSchema,
  },
];

/** Whom tokens are issued for, and where. */
const tokenPaths: Record<SubjectKind, string> = {
  publisher: paths.publisherTokens,
  tenant: paths.tenantTokens,
  reviewer: paths.reviewerTokens,
  operator: paths.operatorTokens,
};

/** Operators register who takes part, and issue tokens. */
export const registrationRoutes = (deps: RouteDependencies): Route[] => [
  ...registrables.map((each) => registrationRoute(deps, each)),
  ...subjectKinds.map((kind) => issueRoute(deps, kind)),
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
    async handle({ body: fields, origin, inName }) {
      const id = fields[idField] ?? '';
      const who = { kind, id, name: fields.name ?? id, person: fields.person };
      const { created, ...issued } = await inName((trx) => registerIdentity(trx, who, origin, deps.now()));
      return reply(created ? 201 : 200, { id, ...toReply(issued) });
    },
  });

const issueRoute = (deps: RouteDependencies, kind: SubjectKind): Route =>
  route({
    method: 'post',
    path: tokenPaths[kind],
    access: 'admin',
    summary: `Issues a further token of ${kind === 'operator' ? 'an' : 'a'} ${kind}; it expires.`,
    params: z.object({ id: subjectIdSchema }),
    body: tokenInputSchema,
    replies: { 201: documented('Issued; it is shown this once', issuedTokenSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { id }, body: { person, expiresIn }, origin, inName }) {
      const lifetimeMs = expiresIn === undefined ? undefined : parseDuration(expiresIn);
      const holder = { kind, id, person, lifetimeMs };
      const issued = await inName((trx) => issueTokenFor(trx, holder, origin, deps.now()));
      return reply(201, { id, ...toReply(issued) });
    },
  });

const toReply = ({ token, tokenId, expiresAt }: Partial<IssuedToken>) =>
  token === undefined ? {} : { token, tokenId, expiresAt: expiresAt?.toISOString() };
