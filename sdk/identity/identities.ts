import type { z } from 'zod';
import {
  issuedTokenSchema,
  whoamiSchema,
  type publisherInputSchema,
  type reviewerInputSchema,
  type tenantInputSchema,
} from '../../contracts/identity/identities';
import type { TokenInput } from '../../contracts/identity/tokens';
import { fillPath, paths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

const tokenPaths = {
  publisher: paths.publisherTokens,
  tenant: paths.tenantTokens,
  reviewer: paths.reviewerTokens,
  operator: paths.operatorTokens,
} as const;

/** Registers who takes part, as an operator; tells any caller who they are. */
export const identityClient = (transport: Transport) => {
  /** Registers a subject with its first token, or finds it there without one. */
  const register = (path: string, body: unknown) =>
    transport.json({ method: 'POST', path, body }, issuedTokenSchema);
  return {
    registerPublisher: (body: z.input<typeof publisherInputSchema>) => register(paths.publishers, body),
    registerTenant: (body: z.input<typeof tenantInputSchema>) => register(paths.tenants, body),
    registerReviewer: (body: z.input<typeof reviewerInputSchema>) => register(paths.reviewers, body),

    /** A further token of a subject, for a person and a time where they are named. */
    issueToken: (kind: keyof typeof tokenPaths, id: string, input: TokenInput = {}) =>
      transport.json(
        { method: 'POST', path: fillPath(tokenPaths[kind], { id }), body: input },
        issuedTokenSchema,
      ),

    /** Whom the token speaks for, and what it may do. */
    whoami: () => transport.json({ method: 'GET', path: paths.whoami }, whoamiSchema),
  };
};
