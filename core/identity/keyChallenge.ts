import { HOUR, MINUTE } from '../duration';

/** How long a challenge may be answered, and an operator's approval be used, in milliseconds. */
export const CHALLENGE_LIFETIME_MS = 10 * MINUTE;
export const APPROVAL_LIFETIME_MS = 24 * HOUR;

/** A nonce as the marketplace makes it: 32 random bytes as base64url. */
export const NONCE = /^[A-Za-z0-9_-]{43}$/;

/**
 * What is signed to register a key. Both sides write it themselves: nobody signs a text that the other side
 * made up, which might be the list of files of a package. Publisher and key are in it, so that a signature is
 * good for one registration only.
 */
export const writeChallenge = (registration: {
  publisherId: string;
  fingerprint: string;
  nonce: string;
}): string =>
  [
    'Spillway: register a signing key',
    `publisher: ${registration.publisherId}`,
    `key: ${registration.fingerprint.toUpperCase()}`,
    `nonce: ${registration.nonce}`,
    '',
  ].join('\n');
