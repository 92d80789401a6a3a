import fc from 'fast-check';
import { EVERYONE } from '../../../core/releases/rolloutPlan';
import { computeBucket, isOffered, type OfferRule } from '../../../core/rollouts/cohort';

const rule = (salt: string, basisPoints: number, lists: Partial<OfferRule> = {}): OfferRule => ({
  ...{ salt, basisPoints, allow: [], deny: [] },
  ...lists,
});
const members = (of: OfferRule, ids: string[]) => ids.filter((id) => isOffered(of, id));

/** Three styles of ids, because a weak hash is weak on some of them only. */
const STYLES: Record<string, (index: number) => string> = {
  counted: (index) => `tenant-${index}`,
  hexadecimal: (index) => (index * 2654435761).toString(16).padStart(16, '0'),
  domains: (index) => `team${index % 977}.company${index}.example`,
};
const HUNDRED_THOUSAND = Array.from({ length: 100_000 }, (_, index) => index);

describe('a cohort', () => {
  test.each(Object.keys(STYLES))(
    'of a stage holds its share of 100,000 tenants within 0.3 points, with %s ids [RLO-12]',
    (style) => {
      const ids = HUNDRED_THOUSAND.map(STYLES[style]!);
      for (const percentage of [1, 5, 10, 25, 50, 90]) {
        const share = members(rule('com.example.a@1.0.0', percentage * 100), ids).length / 1000;
        expect(Math.abs(share - percentage)).toBeLessThan(0.3);
      }
    },
  );

  test('uses every place of the range evenly [RLO-13]', () => {
    const counts = new Array<number>(100).fill(0);
    for (const index of HUNDRED_THOUSAND) counts[Math.floor(computeBucket('salt', `t-${index}`) / 100)]! += 1;
    // Chi-square with 99 degrees of freedom: beyond 149 in one of a thousand fair draws.
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(chiSquare).toBeLessThan(149);
  });

  test('is another one for each version: two first stages overlap by chance only [RLO-13]', () => {
    const ids = HUNDRED_THOUSAND.map((index) => `tenant-${index}`);
    const first = new Set(members(rule('com.example.a@1.0.0', 1000), ids));
    const both = members(rule('com.example.a@1.0.1', 1000), ids).filter((id) => first.has(id)).length;
    expect(both / first.size).toBeGreaterThan(0.09);
    expect(both / first.size).toBeLessThan(0.11);
  });

  test('only grows: whoever is in a stage is in every later one [RLO-14] [RLO-15]', () => {
    const points = fc.integer({ min: 0, max: EVERYONE });
    fc.assert(
      fc.property(fc.string(), fc.string(), points, points, (salt, tenant, a, b) => {
        const [small, large] = [Math.min(a, b), Math.max(a, b)];
        return !isOffered(rule(salt, small), tenant) || isOffered(rule(salt, large), tenant);
      }),
    );
  });

  test('is nobody at 0 and everybody at 100 %', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (salt, tenant) => {
        expect(isOffered(rule(salt, 0), tenant)).toBe(false);
        expect(isOffered(rule(salt, EVERYONE), tenant)).toBe(true);
      }),
    );
  });

  test('ends strictly below its share, so that each basis point is one place of the range', () => {
    const tenant = 'tenant-1';
    const place = computeBucket('salt', tenant);
    expect([place, place + 1].map((share) => isOffered(rule('salt', share), tenant))).toEqual([false, true]);
  });

  test('includes an allowed tenant from the first stage on, and never a denied one', () => {
    const outsider = 'tenant-x';
    const salt = ['a', 'b', 'c', 'd'].find((each) => computeBucket(each, outsider) > 100)!;
    expect(isOffered(rule(salt, 100), outsider)).toBe(false);
    expect(isOffered(rule(salt, 100, { allow: [outsider] }), outsider)).toBe(true);
    expect(isOffered(rule(salt, 0, { allow: [outsider] }), outsider)).toBe(false);
    expect(isOffered(rule(salt, EVERYONE, { allow: [outsider], deny: [outsider] }), outsider)).toBe(false);
  });
});
