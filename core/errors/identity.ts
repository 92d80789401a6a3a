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
  KEY_WEAK: entry(422, EXIT.refused, 'The key is too weak', 'Create another key: `px-plugin keys create`, or RSA with at least 3072 bits.'),
  KEY_FUTURE: entry(422, EXIT.refused, 'The key was made in the future', 'Set the clock of the machine that made the key, then create and register another one: `px-plugin keys create --profile <name>`.'),
  KEY_EXPIRED: entry(422, EXIT.refused, 'The key has expired', 'Extend its expiry, or create another key: `px-plugin keys create`.'),
  KEY_UNPROVEN: entry(422, EXIT.refused, 'The private key was not proven', 'Register with `px-plugin keys register` on the machine that has the private key.'),
  KEY_CHALLENGE_UNKNOWN: entry(409, EXIT.conflict, 'There is no open challenge for the key', 'Ask for a challenge and sign it within ten minutes; `px-plugin keys register` does both.'),
  KEY_ENDORSEMENT_REQUIRED: entry(403, EXIT.auth, 'A further key needs one that is registered', 'Register where a valid key of the publisher is, or ask the operators for `px-plugin keys approve`.'),
  KEY_REVOCATION_INVALID: entry(422, EXIT.refused, 'The revocation certificate does not fit', 'Send the armored certificate that was made with this very key.'),
} as const satisfies Record<string, CatalogueEntry>;
