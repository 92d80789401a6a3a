import { tokenPageSchema, tokenSchema, type tokenQuerySchema } from '../../contracts/identity/tokens';
import { fillPath, paths } from '../../contracts/paths';
import type { Query, Transport } from '../http/transport';

/** Lists and ends tokens: the caller's own, or anybody's for an operator. Nobody is ever shown a token again. */
export const tokensClient = (transport: Transport) => ({
  list: (query: Query<typeof tokenQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.tokens, query }, tokenPageSchema),

  /** From then on the token opens nothing. */
  revoke: (tokenId: string) =>
    transport.json({ method: 'DELETE', path: fillPath(paths.token, { tokenId }) }, tokenSchema),
});
