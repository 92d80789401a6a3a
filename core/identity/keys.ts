import { problem, type Problem } from '../errors/errors';

/** What decides whether a signing key may be used. Times are moments or ISO 8601. */
export interface KeyLifetime {
  expiresAt: Date | string | null;
  revokedAt: Date | string | null;
}

/** Whether packages that the key signed may still be accepted; their signature's own time is checked with it. */
export const isRevoked = ({ revokedAt }: Pick<KeyLifetime, 'revokedAt'>): boolean => revokedAt !== null;

/**
 * Why a publisher may not sign with a key now: it is not registered to the publisher, it was revoked, or it
 * has expired.
 *
 * @param key undefined or null when the publisher has registered no key of that fingerprint
 */
export function checkSigningKey(
  key: KeyLifetime | null | undefined,
  { fingerprint, publisherId }: { fingerprint: string; publisherId: string },
  now: Date,
): Problem[] {
  const name = `The key ${fingerprint.toUpperCase()}`;
  const refuse = (code: Problem['code'], detail: string) => [problem(code, detail, '/artefact/signedBy')];
  if (!key) return refuse('SIGNATURE_UNKNOWN_KEY', `${name} is not registered to ${publisherId}.`);
  if (isRevoked(key)) return refuse('SIGNATURE_KEY_REVOKED', `${name} was revoked.`);
  if (key.expiresAt === null || new Date(key.expiresAt) > now) return [];
  return refuse('SIGNATURE_KEY_EXPIRED', `${name} has expired.`);
}
