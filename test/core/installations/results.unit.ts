import fc from 'fast-check';
import {
  countReport,
  findReportedTrouble,
  followTrouble,
  NO_CHANGE,
  type Counted,
} from '../../../core/installations/results';

test("a failure is the version's own unless its code names somebody else's trouble", () => {
  const trouble = (errorCode?: string) => findReportedTrouble({ kind: 'failed', errorCode });
  expect(['HOST_DISK_FULL', 'DOWNLOAD_CORRUPTED', 'UNAVAILABLE'].map(trouble)).toEqual([
    ...['tenant', 'way', 'ours'],
  ]);
  expect([undefined, 'HEALTH_CHECK_FAILED', 'NO_SUCH_CODE'].map(trouble)).toEqual([
    ...[undefined, undefined, undefined],
  ]);
  expect(findReportedTrouble({ kind: 'installed', errorCode: 'HOST_DISK_FULL' })).toBeUndefined();
});

test("a tenant's newest trouble counts until it has a result, and none begins after that", () => {
  const full = { kind: 'failed', errorCode: 'HOST_DISK_FULL' };
  const broken = { kind: 'failed', errorCode: 'HEALTH_CHECK_FAILED' };
  expect(followTrouble(null, full, null)).toBe('HOST_DISK_FULL');
  expect(followTrouble('HOST_CLOCK', full, null)).toBe('HOST_DISK_FULL');
  expect(followTrouble('HOST_CLOCK', { kind: 'healthy' }, null)).toBe('HOST_CLOCK');
  // Without the package there is no result, so that nobody leaves its trouble by a word that does not count.
  expect(followTrouble('HOST_CLOCK', { kind: 'installed' }, null)).toBe('HOST_CLOCK');
  expect(followTrouble('HOST_CLOCK', { kind: 'installed' }, 'installed')).toBeNull();
  expect(followTrouble('HOST_CLOCK', broken, 'failed')).toBeNull();
  expect(followTrouble(null, full, 'installed')).toBeNull();
});

const nothing: Counted = { result: null, returned: false };

test.each<[string, Counted, string, Counted, object]>([
  ['a first success', nothing, 'installed', { ...nothing, result: 'installed' }, { installed: 1 }],
  ['a first failure', nothing, 'failed', { ...nothing, result: 'failed' }, { failed: 1 }],
  [
    'a second success',
    { ...nothing, result: 'installed' },
    'installed',
    { ...nothing, result: 'installed' },
    {},
  ],
  [
    ...(['a failure after a success', { ...nothing, result: 'installed' }, 'failed'] as const),
    ...([
      { ...nothing, result: 'failed' },
      { installed: -1, failed: 1 },
    ] as const),
  ],
  [
    'a success after a failure',
    { ...nothing, result: 'failed' },
    'installed',
    { ...nothing, result: 'failed' },
    {},
  ],
  ['a second failure', { ...nothing, result: 'failed' }, 'failed', { ...nothing, result: 'failed' }, {}],
  ['a return', nothing, 'rolled_back', { ...nothing, returned: true }, { rolledBack: 1 }],
  ['a second return', { ...nothing, returned: true }, 'rolled_back', { ...nothing, returned: true }, {}],
  ['a word on health', nothing, 'unhealthy', nothing, {}],
])('%s counts what it adds to what the tenant has told', (_, before, kind, after, change) => {
  expect(countReport(before, { kind })).toEqual({ after, change: { ...NO_CHANGE, ...change } });
});

test("a tenant's own trouble counts nothing and leaves room for a result", () => {
  expect(countReport(nothing, { kind: 'failed', errorCode: 'INSTALL_BUSY' })).toEqual({
    after: nothing,
    change: NO_CHANGE,
  });
});

test('a tenant has one result at most, whatever it reports in whatever order', () => {
  const kinds = fc.constantFrom('installed', 'failed', 'rolled_back', 'healthy', 'unhealthy', 'full disk');
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 12 }), (told) => {
      let counted = nothing;
      const sum = { ...NO_CHANGE };
      for (const kind of told) {
        const full = { kind: 'failed', errorCode: 'HOST_DISK_FULL' };
        const { after, change } = countReport(counted, kind === 'full disk' ? full : { kind });
        counted = after;
        for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += change[name];
      }
      const failed = told.includes('failed');
      expect(sum).toEqual({
        installed: !failed && told.includes('installed') ? 1 : 0,
        failed: failed ? 1 : 0,
        rolledBack: told.includes('rolled_back') ? 1 : 0,
      });
    }),
  );
});
