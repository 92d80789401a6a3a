import { entry, EXIT, type CatalogueEntry } from './entry';

/** Who calls, and with which keys. */
// prettier-ignore
export const identityErrors = {
  TOKEN_MISSING: entry(401, EXIT.auth, 'No token was sent', 'Set PX_MARKETPLACE_TOKEN, or send Authorization: Bearer <token>.'),
  TOKEN_INVALID: entry(401, EXIT.auth, 'The token is not valid', 'Ask the operators for a new token.'),
  SCOPE_MISSING: entry(403, EXIT.auth, 'The token does not allow this', 'Ask the operators for a token with the named scope.'),
  PUBLISHER_UNKNOWN: entry(403, EXIT.auth, 'The publisher is not registered', 'Ask the operators to register the publisher.'),
  PUBLISHER_MISMATCH: entry(403, EXIT.auth, 'The plugin belongs to another publisher', 'Publish under a plugin id of your own.'),
  KEY_INVALID: entry(422, EXIT.refused, 'The public key cannot be read', 'Send an armored OpenPGP public key.'),
  KEY_TAKEN: entry(409, EXIT.conflict, 'The key is registered to another publisher', 'Create a key of your own: `px-plugin keys create`.'),
} as const satisfies Record<string, CatalogueEntry>;
