import fc from 'fast-check';
import { countReport, isResultOfVersion, NO_CHANGE, type Counted } from '../../../core/installations/results';

test("a failure is the version's own unless its code names the tenant's trouble", () => {
  const failed = (errorCode?: string) => isResultOfVersion({ kind: 'failed', errorCode });
  const own = ['HOST_INCOMPATIBLE', 'HOST_FOLDER_BUSY', 'INSTALL_BACKUP_MISSING', 'INSTALL_BUSY'];
  expect([...own, 'INSTALL_SOURCE_REFUSED', 'PUBLISHER_CHANGED'].filter(failed)).toEqual([]);
  expect([failed(), failed('HEALTH_CHECK_FAILED'), failed('NO_SUCH_CODE')]).toEqual([true, true, true]);
  expect(isResultOfVersion({ kind: 'installed', errorCode: 'INSTALL_BUSY' })).toBe(true);
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
  const kinds = fc.constantFrom('installed', 'failed', 'rolled_back', 'healthy', 'unhealthy');
  fc.assert(
    fc.property(fc.array(kinds, { maxLength: 12 }), (told) => {
      let counted = nothing;
      const sum = { ...NO_CHANGE };
      for (const kind of told) {
        const { after, change } = countReport(counted, { kind });
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
