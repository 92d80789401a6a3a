import {
  checkIsPublisher,
  checkScope,
  defaultScopes,
  formatActor,
  hasScope,
  isTokenUsable,
  maySeeRelease,
  maySeeUnlisted,
  parseActor,
  scopes,
  subjectKinds,
  visiblePublisher,
  type Scope,
  type Subject,
  type SubjectKind,
} from '../../core/access';

const caller = (kind: SubjectKind, id: string = kind): Subject => ({
  kind,
  id,
  scopes: [...defaultScopes[kind]],
});

describe('who may do what', () => {
  test('each kind of subject may use its own scopes and no others', () => {
    for (const kind of subjectKinds) {
      const allowed = scopes.filter((scope) => checkScope(caller(kind), scope).length === 0);
      // An operator holds every scope, but has no rows of a tenant.
      const expected =
        kind === 'operator' ? scopes.filter((scope) => scope !== 'tenant') : defaultScopes[kind];
      expect([...allowed].sort()).toEqual([...expected].sort());
    }
  });

  test('a publisher publishes, a reviewer decides, a tenant has its own rows, and no one has two of these', () => {
    const holders = (scope: Scope) =>
      subjectKinds.filter((kind) => kind !== 'operator' && checkScope(caller(kind), scope).length === 0);
    expect(Object.fromEntries(scopes.map((scope) => [scope, holders(scope)]))).toEqual({
      'plugin:publish': ['publisher'],
      'release:read': ['publisher', 'reviewer'],
      'review:read': ['reviewer'],
      'review:decide': ['reviewer'],
      'rollout:steer': [],
      tenant: ['tenant'],
      admin: [],
    });
  });

  test('a token with the scope of tenants has rows only when it is a tenant’s', () => {
    const has = (kind: SubjectKind) => hasScope({ kind, id: 'x', scopes: ['tenant'] }, 'tenant');
    expect(subjectKinds.filter(has)).toEqual(['tenant']);
  });

  test('a token that says less than its kind allows is held to what it says', () => {
    const limited: Subject = { kind: 'operator', id: 'backup', scopes: ['release:read'] };
    expect(checkScope(limited, 'release:read')).toEqual([]);
    expect(checkScope(limited, 'admin')).toEqual([
      { code: 'SCOPE_MISSING', detail: 'The token of operator backup lacks the scope admin.' },
    ]);
  });

  test('a token stops working at its expiry and from its revocation on', () => {
    const now = new Date('2026-05-01T00:00:00Z');
    const at = (iso: string) => new Date(iso);
    expect(isTokenUsable({ expiresAt: null, revokedAt: null }, now)).toBe(true);
    expect(isTokenUsable({ expiresAt: at('2026-05-01T00:00:01Z'), revokedAt: null }, now)).toBe(true);
    expect(isTokenUsable({ expiresAt: now, revokedAt: null }, now)).toBe(false);
    expect(isTokenUsable({ expiresAt: null, revokedAt: at('2026-04-01T00:00:00Z') }, now)).toBe(false);
  });

  test('a publisher sees its own releases, everyone else whose scope allows it sees all', () => {
    expect(maySeeRelease(caller('publisher', 'acme'), 'acme')).toBe(true);
    expect(maySeeRelease(caller('publisher', 'acme'), 'other')).toBe(false);
    expect(maySeeRelease(caller('publisher', 'acme'), null)).toBe(false);
    expect(maySeeRelease(caller('reviewer'), 'other')).toBe(true);
    expect(maySeeRelease(caller('tenant', 'acme'), undefined)).toBe(true);
    expect(visiblePublisher(caller('publisher', 'acme'))).toBe('acme');
    expect(visiblePublisher(caller('operator'))).toBeUndefined();
  });

  test('versions that are not listed are shown to their publisher, to reviewers and to operators', () => {
    expect(maySeeUnlisted(caller('publisher', 'acme'), 'acme')).toBe(true);
    expect(maySeeUnlisted(caller('publisher', 'acme'), 'other')).toBe(false);
    expect(maySeeUnlisted(caller('publisher', 'acme'), undefined)).toBe(false);
    expect(maySeeUnlisted(caller('tenant', 'acme'), 'acme')).toBe(false);
    expect(maySeeUnlisted(caller('reviewer'), undefined)).toBe(true);
    expect(maySeeUnlisted(caller('operator'), 'acme')).toBe(true);
  });

  test('only a publisher registers signing keys', () => {
    expect(checkIsPublisher(caller('publisher'))).toEqual([]);
    expect(checkIsPublisher(caller('operator', 'ops'))).toEqual([
      { code: 'PUBLISHER_UNKNOWN', detail: 'ops is not a publisher.' },
    ]);
  });

  test('an actor is named by kind and id', () => {
    expect(formatActor(caller('reviewer', 'ada'))).toBe('reviewer:ada');
    for (const kind of subjectKinds)
      expect(parseActor(formatActor({ kind, id: 'ada:b' }))).toEqual({ kind, id: 'ada:b' });
    expect(['spillway', 'anonymous', 'reviewers:ada', 'reviewer'].map(parseActor)).toEqual(
      Array<undefined>(4).fill(undefined),
    );
  });
});
