import {
  checkCandidate,
  checkFurtherKey,
  checkSigningKey,
  describeWeakness,
  isDistrusted,
  isRevoked,
  isValidKey,
  isWorse,
  revocationReasons,
  toRevocationReason,
  type KeyAlgorithm,
  type KeyLifetime,
} from '../../../core/identity/keys';
import {
  CHALLENGE_LIFETIME_MS,
  APPROVAL_LIFETIME_MS,
  NONCE,
  writeChallenge,
} from '../../../core/identity/keyChallenge';

const now = new Date('2026-05-01T00:00:00Z');
const check = (key: KeyLifetime | null | undefined) =>
  checkSigningKey(key, { fingerprint: 'ab12', publisherId: 'acme' }, now);
const refused = (code: string, detail: string) => [{ code, detail, pointer: '/artefact/signedBy' }];

describe('A signing key', () => {
  test('may sign while it has not expired', () => {
    expect(check({ expiresAt: null, revokedAt: null })).toEqual([]);
    expect(check({ expiresAt: '2026-05-01T00:00:00.001Z', revokedAt: null })).toEqual([]);
  });

  test('may not sign unless it is registered to the publisher, who is named', () => {
    const expected = refused('SIGNATURE_UNKNOWN_KEY', 'The key AB12 is not registered to acme.');
    expect(check(null)).toEqual(expected);
    expect(check(undefined)).toEqual(expected);
  });

  test('may not sign from its expiry on, to the millisecond', () => {
    const expected = refused('SIGNATURE_KEY_EXPIRED', 'The key AB12 has expired.');
    expect(check({ expiresAt: now, revokedAt: null })).toEqual(expected);
    expect(check({ expiresAt: '2026-04-30T23:59:59.999Z', revokedAt: null })).toEqual(expected);
  });

  test('may not sign once it was revoked, which is said rather than that it expired', () => {
    expect(check({ expiresAt: '2026-01-01T00:00:00Z', revokedAt: now })).toEqual(
      refused('SIGNATURE_KEY_REVOKED', 'The key AB12 was revoked.'),
    );
    expect([isRevoked({ revokedAt: now }), isRevoked({ revokedAt: null })]).toEqual([true, false]);
  });
});

describe('A revocation', () => {
  const of = (revokedReason: (typeof revocationReasons)[number] | null) => ({
    revokedAt: now,
    revokedReason,
  });

  test('has the reason that its code in OpenPGP stands for', () => {
    expect([0, 1, 2, 3, 32, 100, null].map(toRevocationReason)).toEqual([
      ...['unspecified', 'superseded', 'compromised', 'retired'],
      ...['unspecified', 'unspecified', 'unspecified'],
    ]);
  });

  test('distrusts what the key signed unless the key was superseded or retired', () => {
    expect([...revocationReasons, null].filter((reason) => isDistrusted(of(reason)))).toEqual([
      'compromised',
      'unspecified',
      null,
    ]);
    expect(isDistrusted({ revokedAt: null, revokedReason: null })).toBe(false);
  });

  test('is followed by a worse one only', () => {
    expect(isWorse({ revokedAt: null, revokedReason: null }, 'retired')).toBe(true);
    expect(revocationReasons.filter((reason) => isWorse(of('retired'), reason))).toEqual([
      'compromised',
      'unspecified',
    ]);
    expect(revocationReasons.filter((reason) => isWorse(of('compromised'), reason))).toEqual([]);
  });
});

describe('A key that is registered', () => {
  const fingerprint = 'AB12';
  const strong = [{ algorithm: 'ed25519' }];

  test.each<[KeyAlgorithm, string | undefined]>([
    [{ algorithm: 'rsaSign', bits: 3072 }, undefined],
    [{ algorithm: 'rsaEncryptSign', bits: 3071 }, 'RSA with 3071 bits; at least 3072 are needed'],
    [{ algorithm: 'rsaSign' }, 'RSA with 0 bits; at least 3072 are needed'],
    [{ algorithm: 'eddsaLegacy', curve: 'ed25519Legacy' }, undefined],
    [{ algorithm: 'ed25519' }, undefined],
    [{ algorithm: 'ed448' }, undefined],
    ...['nistP256', 'nistP384', 'nistP521', 'brainpoolP256r1', 'brainpoolP384r1', 'brainpoolP512r1'].map(
      (curve): [KeyAlgorithm, undefined] => [{ algorithm: 'ecdsa', curve }, undefined],
    ),
    [{ algorithm: 'ecdsa', curve: 'secp256k1' }, 'ecdsa over secp256k1'],
    [{ algorithm: 'ecdsa' }, 'ecdsa'],
    [{ algorithm: 'dsa', bits: 4096 }, 'dsa'],
    [{ algorithm: 'ecdh', curve: 'nistP256' }, 'ecdh over nistP256'],
  ])('of the algorithm %j is %s', (algorithm, weakness) => {
    expect(describeWeakness(algorithm)).toBe(weakness);
  });

  test('is refused for every weak algorithm and for an expiry that has come, at once', () => {
    expect(checkCandidate({ fingerprint, createdAt: now, expiresAt: null, algorithms: strong }, now)).toEqual(
      [],
    );
    const later = new Date(now.getTime() + 1);
    expect(
      checkCandidate({ fingerprint, createdAt: now, expiresAt: later, algorithms: strong }, now),
    ).toEqual([]);
    const weak = [...strong, { algorithm: 'dsa' }];
    expect(checkCandidate({ fingerprint, createdAt: now, expiresAt: now, algorithms: weak }, now)).toEqual([
      { code: 'KEY_WEAK', detail: 'The key AB12 uses dsa.', pointer: '/armored' },
      {
        code: 'KEY_EXPIRED',
        detail: 'The key AB12 expired at 2026-05-01T00:00:00.000Z.',
        pointer: '/armored',
      },
    ]);
  });

  test('is refused when it was made in the future, with how far the clock is ahead', () => {
    const made = (ms: number) =>
      checkCandidate(
        { fingerprint, createdAt: new Date(now.getTime() + ms), expiresAt: null, algorithms: strong },
        now,
      );
    expect(made(59_000)).toEqual([]);
    expect(made(2 * 3_600_000)).toEqual([
      {
        code: 'KEY_FUTURE',
        detail:
          "The key AB12 was created at 2026-05-01T02:00:00.000Z, by a clock that is 2 h ahead of the marketplace's.",
        pointer: '/armored',
      },
    ]);
  });

  test('is the first one, or one for which a valid key or an operator vouches', () => {
    const which = { fingerprint, publisherId: 'acme' };
    const valid = { fingerprint: 'CD34', expiresAt: null, revokedAt: null };
    const ended = { fingerprint: 'EF56', expiresAt: null, revokedAt: now };
    const codes = (known: (typeof valid | typeof ended)[], vouching: object) =>
      checkFurtherKey(known, vouching, which, now).map(({ code }) => code);
    const refused = ['KEY_ENDORSEMENT_REQUIRED'];
    expect(codes([], {})).toEqual([]);
    expect(codes([valid], {})).toEqual(refused);
    expect(codes([valid], { endorsedBy: 'CD34' })).toEqual([]);
    expect(codes([valid, ended], { endorsedBy: 'EF56' })).toEqual(refused);
    expect(codes([ended], {})).toEqual(refused);
    expect(codes([ended], { approvedBy: 'operator:olga' })).toEqual([]);
    expect(checkFurtherKey([valid], {}, which, now)[0]).toEqual({
      code: 'KEY_ENDORSEMENT_REQUIRED',
      detail: 'acme has other keys, and none that is valid has signed for the key AB12.',
      pointer: '/endorsement',
    });
    expect([valid, ended, { ...valid, expiresAt: now }].map((key) => isValidKey(key, now))).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('signs a text with publisher, key and nonce, which is no list of files', () => {
    const nonce = 'n'.repeat(43);
    expect(writeChallenge({ publisherId: 'acme', fingerprint: 'ab12', nonce })).toBe(
      `Spillway: register a signing key\npublisher: acme\nkey: AB12\nnonce: ${nonce}\n`,
    );
    expect(
      [nonce, `${nonce}n`, nonce.slice(1), `${nonce.slice(1)}\n`].map((each) => NONCE.test(each)),
    ).toEqual([true, false, false, false]);
    expect([CHALLENGE_LIFETIME_MS, APPROVAL_LIFETIME_MS]).toEqual([600_000, 86_400_000]);
  });
});
