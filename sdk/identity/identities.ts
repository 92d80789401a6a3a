import type { z } from 'zod';
import {
  issuedTokenSchema,
  whoamiSchema,
  type publisherInputSchema,
  type reviewerInputSchema,
  type tenantInputSchema,
} from '../../contracts/identity/identities';
import { fillPath, paths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

const tokenPaths = {
  publisher: paths.publisherTokens,
  tenant: paths.tenantTokens,
  reviewer: paths.reviewerTokens,
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

    /** A further token of a subject, for when the first one was lost. */
    issueToken: (kind: keyof typeof tokenPaths, id: string) =>
      transport.json(
        { method: 'POST', path: fillPath(tokenPaths[kind], { id }), body: {} },
        issuedTokenSchema,
      ),

    /** Whom the token speaks for, and what it may do. */
    whoami: () => transport.json({ method: 'GET', path: paths.whoami }, whoamiSchema),
  };
};
