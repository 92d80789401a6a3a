import { formatDuration, MINUTE } from '../duration';
import { problem, type Problem } from '../errors/errors';

/** Why a key was revoked, as OpenPGP tells reasons apart (RFC 9580, 5.2.3.31). */
export const revocationReasons = ['compromised', 'superseded', 'retired', 'unspecified'] as const;
export type RevocationReason = (typeof revocationReasons)[number];

/** The reason that a code of OpenPGP stands for; a code that is not known says nothing. */
export const toRevocationReason = (code: number | null): RevocationReason =>
  (({ 1: 'superseded', 2: 'compromised', 3: 'retired' }) as const)[code ?? 0] ?? 'unspecified';

/** What decides whether a signing key may be used. Times are moments or ISO 8601. */
export interface KeyLifetime {
  expiresAt: Date | string | null;
  revokedAt: Date | string | null;
}

/** How a key was revoked, if it was. */
export interface KeyRevocation {
  revokedAt: Date | string | null;
  revokedReason: RevocationReason | null;
}

/**
 * Whether nothing that the key ever signed may be newly installed. A key that was superseded or retired signed in
 * good faith, and only signs nothing more; without such a reason somebody else may have had it at any time.
 */
export const isDistrusted = ({ revokedAt, revokedReason }: KeyRevocation): boolean =>
  revokedAt !== null && revokedReason !== 'superseded' && revokedReason !== 'retired';

/** Whether a second revocation says something worse than the first; what was said is never taken back. */
export const isWorse = (known: KeyRevocation, reason: RevocationReason): boolean =>
  known.revokedAt === null ||
  (!isDistrusted(known) && isDistrusted({ revokedAt: known.revokedAt, revokedReason: reason }));

/** Whether packages that the key signed may still be accepted; their signature's own time is checked with it. */
export const isRevoked = ({ revokedAt }: Pick<KeyLifetime, 'revokedAt'>): boolean => revokedAt !== null;

/** The key of a fingerprint, in whatever case that is written. */
export const findKey = <T extends { fingerprint: string }>(
  keys: readonly T[],
  fingerprint: string,
): T | undefined => keys.find((each) => each.fingerprint.toUpperCase() === fingerprint.toUpperCase());

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

/** Whether a key may sign at a moment. */
export const isValidKey = ({ expiresAt, revokedAt }: KeyLifetime, now: Date): boolean =>
  revokedAt === null && (expiresAt === null || new Date(expiresAt) > now);

/** A key of a package's or subkey's algorithm, in the names of the OpenPGP library. */
export interface KeyAlgorithm {
  algorithm: string;
  bits?: number | undefined;
  curve?: string | undefined;
}

/** RSA below this is about to be too short; NIST and BSI both ask for as much. */
const LEAST_RSA_BITS = 3072;
const RSA = ['rsaEncryptSign', 'rsaSign'];
const EDWARDS = ['eddsaLegacy', 'ed25519', 'ed448'];
const CURVES = [
  ...['nistP256', 'nistP384', 'nistP521'],
  ...['brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'],
];

/** Why an algorithm is too weak to sign packages with; undefined when it is not. */
export function describeWeakness({ algorithm, bits, curve }: KeyAlgorithm): string | undefined {
  if (RSA.includes(algorithm))
    return (bits ?? 0) >= LEAST_RSA_BITS
      ? undefined
      : `RSA with ${bits ?? 0} bits; at least ${LEAST_RSA_BITS} are needed`;
  if (EDWARDS.includes(algorithm)) return undefined;
  if (algorithm === 'ecdsa' && curve !== undefined && CURVES.includes(curve)) return undefined;
  return curve === undefined ? algorithm : `${algorithm} over ${curve}`;
}

/** What is known of a public key before it is registered. */
export interface CandidateKey {
  fingerprint: string;
  createdAt: Date;
  expiresAt: Date | null;
  /** Of the primary key and of every subkey that signs. */
  algorithms: readonly KeyAlgorithm[];
}

/** Clocks of two machines that are set by the network differ by less, in milliseconds. */
const CLOCK_TOLERANCE_MS = MINUTE;

/**
 * Why a key is not registered, whoever has it: too weak algorithms, a creation that is still to come, or an expiry that
 * has come. Hosts believe no signature of a key that does not exist yet by their clock.
 */
export function checkCandidate(key: CandidateKey, now: Date): Problem[] {
  const { fingerprint, createdAt, expiresAt, algorithms } = key;
  const weak = algorithms.flatMap((each) => describeWeakness(each) ?? []);
  const problems = weak.map((what) =>
    problem('KEY_WEAK', `The key ${fingerprint} uses ${what}.`, '/armored'),
  );
  const aheadMs = createdAt.getTime() - now.getTime();
  if (aheadMs > CLOCK_TOLERANCE_MS) {
    const offset = `${formatDuration(aheadMs)} ahead of the marketplace's`;
    const detail = `The key ${fingerprint} was created at ${createdAt.toISOString()}, by a clock that is ${offset}.`;
    problems.push(problem('KEY_FUTURE', detail, '/armored'));
  }
  if (expiresAt === null || expiresAt > now) return problems;
  const detail = `The key ${fingerprint} expired at ${expiresAt.toISOString()}.`;
  return [...problems, problem('KEY_EXPIRED', detail, '/armored')];
}

/** Who vouches for a further key: a key by its signature, or an operator. */
export interface Vouching {
  /** Fingerprint of the key whose signature was verified. */
  endorsedBy?: string | undefined;
  approvedBy?: string | undefined;
}

/**
 * Why a key is not added to those of a publisher. The first one needs nobody, a further one a key that is valid
 * now, or an operator: a token alone must not be enough to sign in the publisher's name.
 */
export function checkFurtherKey(
  known: readonly (KeyLifetime & { fingerprint: string })[],
  { endorsedBy, approvedBy }: Vouching,
  { fingerprint, publisherId }: { fingerprint: string; publisherId: string },
  now: Date,
): Problem[] {
  if (known.length === 0 || approvedBy !== undefined) return [];
  if (known.some((key) => key.fingerprint === endorsedBy && isValidKey(key, now))) return [];
  const detail = `${publisherId} has other keys, and none that is valid has signed for the key ${fingerprint}.`;
  return [problem('KEY_ENDORSEMENT_REQUIRED', detail, '/endorsement')];
}
