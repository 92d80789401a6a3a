import { whoamiSchema } from '../../contracts/identity/identities';
import { paths } from '../../contracts/paths';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';
import { keyRoutes } from './keys';
import type { DistrustHandler } from './revocation';
import { registrationRoutes } from './registrations';
import { tokenRoutes } from './tokens';

/** Who takes part: registration, tokens, signing keys, and whom a token speaks for. */
export const identityRoutes = (deps: RouteDependencies, distrust: DistrustHandler): Route[] => [
  ...keyRoutes(deps, distrust),
  ...registrationRoutes(deps),
  ...tokenRoutes(deps),
  route({
    method: 'get',
    path: paths.whoami,
    access: 'token',
    summary: 'Whom the token speaks for, and what it may do.',
    replies: { 200: documented('The subject', whoamiSchema) },
    handle: ({ subject: { kind, id, scopes } }) => Promise.resolve(reply(200, { kind, id, scopes })),
  }),
];
