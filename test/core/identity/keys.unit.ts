import { checkSigningKey, isRevoked, type KeyLifetime } from '../../../core/identity/keys';

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
