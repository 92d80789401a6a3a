import { z } from 'zod';
import {
  listTokens,
  revokeToken,
  type TokenHolder,
  type TokenRecord,
} from '../../adapters/db/identity/tokenList';
import { tokenPageSchema, tokenQuerySchema, tokenSchema } from '../../contracts/identity/tokens';
import { paths } from '../../contracts/paths';
import { hasScope, type Subject } from '../../core/access';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

/** Everybody sees and ends their own tokens; operators see and end all. */
export const tokenRoutes = ({ db, now }: RouteDependencies): Route[] => [
  route({
    method: 'get',
    path: paths.tokens,
    access: 'token',
    summary: 'Your own tokens, newest first, without the tokens themselves; those of anybody for operators.',
    query: tokenQuerySchema,
    replies: { 200: documented('A page of tokens', tokenPageSchema) },
    async handle({ query: { kind, id, ...page }, subject }) {
      const { rows, next } = await listTokens(db, limitHolder(subject, { kind, id }), page);
      return reply(200, { tokens: rows.map(toView), next });
    },
  }),
  route({
    method: 'delete',
    path: paths.token,
    access: 'token',
    summary: "Revoke a token at once: your own, or anybody's as an operator.",
    params: z.object({ tokenId: z.uuid() }),
    replies: { 200: documented('It is revoked, now or already', tokenSchema) },
    refusals: ['NOT_FOUND'],
    async handle({ params: { tokenId }, subject, origin }) {
      const token = await revokeToken(db, { tokenId, ...limitHolder(subject, {}) }, origin, now());
      return reply(200, toView(token));
    },
  }),
];

/** Whatever is asked for, a subject without the scope of operators gets its own. */
const limitHolder = (subject: Subject, asked: TokenHolder): TokenHolder =>
  hasScope(subject, 'admin') ? asked : { kind: subject.kind, id: subject.id };

const toView = ({ createdAt, expiresAt, lastUsedAt, revokedAt, ...token }: TokenRecord) => ({
  ...token,
  createdAt: createdAt.toISOString(),
  expiresAt: expiresAt?.toISOString() ?? null,
  lastUsedAt: lastUsedAt?.toISOString() ?? null,
  revokedAt: revokedAt?.toISOString() ?? null,
});
