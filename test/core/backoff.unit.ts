import fc from 'fast-check';
import { addJitter, countFailures, getBackoffMs } from '../../core/backoff';

const backoff = fc
  .record({
    firstMs: fc.integer({ min: 1, max: 10_000 }),
    longestMs: fc.integer({ min: 10_000, max: 600_000 }),
    factor: fc.double({ min: 1, max: 4, noNaN: true }),
  })
  .map(({ factor, ...rest }) => (factor === 1 ? rest : { ...rest, factor }));

test('a pause doubles with every failure in a row and is never longer than allowed', () => {
  const quarterMinute = { firstMs: 500, longestMs: 15_000 };
  expect([1, 2, 3, 4, 5, 6, 7].map((failures) => getBackoffMs(failures, quarterMinute))).toEqual([
    500, 1000, 2000, 4000, 8000, 15_000, 15_000,
  ]);
  expect(
    [1, 2, 3, 50].map((failures) => getBackoffMs(failures, { firstMs: 500, longestMs: 60_000 })),
  ).toEqual([500, 1000, 2000, 60_000]);
});

test('whatever the numbers, pauses never shrink, from the first to the longest', () => {
  fc.assert(
    fc.property(backoff, fc.integer({ min: 1, max: 10_000 }), (rule, failures) => {
      const pause = getBackoffMs(failures, rule);
      expect(pause).toBeGreaterThanOrEqual(rule.firstMs);
      expect(pause).toBeLessThanOrEqual(rule.longestMs);
      expect(getBackoffMs(failures + 1, rule)).toBeGreaterThanOrEqual(pause);
    }),
  );
});

test('a service that worked long enough begins again with the shortest pause', () => {
  expect(countFailures(4, 1_000, 30_000)).toBe(5);
  expect(countFailures(4, 30_000, 30_000)).toBe(1);
});

test('jitter keeps a delay within its last quarter, so that hosts drift apart', () => {
  expect([0, 0.5, 1].map((random) => addJitter(1000, () => random))).toEqual([750, 875, 1000]);
});
