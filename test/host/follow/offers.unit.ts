import fc from 'fast-check';
import { computeBucket, isOffered } from '../../../core/rollouts/cohort';
import { compareVersions, isNewer } from '../../../core/version';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import {
  decide,
  mergeOffers,
  offeredVersions,
  trimOffers,
  type InstalledState,
} from '../../../host/follow/offers';

const TENANT = 'acme';
const versions = ['1.0.0', '1.0.1', '1.1.0', '2.0.0'] as const;

const entry = (over: Partial<FeedEntry>): FeedEntry => {
  const { pluginId = 'com.example.notes', version = '1.0.0' } = over;
  return {
    revision: 1,
    kind: 'offer',
    at: '2026-01-01T00:00:00.000Z',
    pluginId,
    versionId: `${pluginId}@${version}`,
    version,
    channel: 'stable',
    rule: { salt: 's', basisPoints: 10_000, allow: [], deny: [] },
    stage: 1,
    package: { sha256: 'a', bytes: 1, manifestDigest: 'b' },
    publisherId: 'example',
    signedBy: 'key',
    previousVersion: null,
    ...over,
  };
};

const plugin = 'com.example.notes';
const nothing: InstalledState = { active: null, failed: [], hold: null };

/** A feed as a marketplace may write it: revisions rise, versions come and go. */
const feed = fc
  .array(
    fc.record({
      version: fc.constantFrom(...versions),
      kind: fc.constantFrom('offer' as const, 'withdraw' as const),
      basisPoints: fc.integer({ min: 0, max: 10_000 }),
    }),
    { maxLength: 12 },
  )
  .map((lines) =>
    lines.map(({ version, kind, basisPoints }, index) =>
      entry({
        revision: index + 1,
        version,
        kind,
        rule: { salt: version, basisPoints, allow: [], deny: [] },
      }),
    ),
  );

const holding = fc.record({
  active: fc.option(fc.constantFrom(...versions)),
  failed: fc.subarray([...versions]),
  hold: fc.option(fc.constantFrom(...versions)),
});

test('pages of the feed may come in any order and any number of times', () => {
  const shuffled = feed.chain((entries) =>
    fc.tuple(
      fc.constant(entries),
      fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([entries, again]) => {
      const inOrder = mergeOffers({}, entries);
      expect(mergeOffers(mergeOffers({}, again), entries)).toEqual(inOrder);
    }),
  );
});

test('only a version that is offered, not withdrawn, not failed and newer is installed [RLO-12]', () => {
  fc.assert(
    fc.property(feed, holding, (entries, held) => {
      const offers = mergeOffers({}, entries);
      const decision = decide(offers, plugin, TENANT, held);
      if (decision.kind !== 'install') return;
      const { version, rule, kind } = decision.entry;
      expect(kind).toBe('offer');
      expect(entries.findLast((each) => each.version === version)).toBe(decision.entry);
      expect(isOffered(rule, TENANT)).toBe(true);
      expect(held.failed).not.toContain(version);
      if (held.active !== null) expect(isNewer(version, held.active)).toBe(true);
      if (held.hold !== null) expect(isNewer(version, held.hold)).toBe(true);
    }),
  );
});

test('a withdrawn version never stays active, whatever else is said', () => {
  fc.assert(
    fc.property(feed, holding, (entries, held) => {
      const offers = mergeOffers({}, entries);
      const last = entries.findLast((each) => each.version === held.active);
      const decision = decide(offers, plugin, TENANT, held);
      expect(decision.kind === 'return').toBe(last?.kind === 'withdraw');
    }),
  );
});

test('carrying decisions out comes to rest: a host does not go back and forth', () => {
  fc.assert(
    fc.property(feed, (entries) => {
      const offers = mergeOffers({}, entries);
      let held = nothing;
      for (let step = 0; step < versions.length + 2; step += 1) {
        const decision = decide(offers, plugin, TENANT, held);
        if (decision.kind === 'none') return;
        held = { ...held, active: decision.kind === 'install' ? decision.entry.version : null };
      }
      throw new Error('it never rests');
    }),
  );
});

test('a tenant that was offered a version keeps it while the share of tenants grows [RLO-14] [RLO-15]', () => {
  const tenant = fc.string({ minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(
      tenant,
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 10_000 }),
      (id, a, b) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const at = (basisPoints: number) =>
          offeredVersions(
            mergeOffers({}, [entry({ rule: { salt: 'x', basisPoints, allow: [], deny: [] } })]),
            plugin,
            id,
          ).length;
        expect(at(more)).toBeGreaterThanOrEqual(at(less));
      },
    ),
  );
});

test('a host decides for its own tenant: two tenants with different places differ [RLO-16]', () => {
  const inside = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].sort(
    (x, y) => computeBucket('x', x) - computeBucket('x', y),
  );
  const first = inside[0] ?? '';
  const last = inside.at(-1) ?? '';
  const rule = { salt: 'x', basisPoints: computeBucket('x', last), allow: [], deny: [] };
  const offers = mergeOffers({}, [entry({ rule })]);
  expect(decide(offers, plugin, first, nothing).kind).toBe('install');
  expect(decide(offers, plugin, last, nothing).kind).toBe('none');
});

test('what is forgotten is old and not on disk', () => {
  const many = Array.from({ length: 40 }, (_, index) =>
    entry({ revision: index + 1, version: `1.${index}.0` }),
  );
  const kept = trimOffers(mergeOffers({}, many), new Set([`${plugin}@1.0.0`]));
  const left = Object.values(kept).map((each) => each.version);
  expect(left).toHaveLength(21);
  expect(left).toContain('1.0.0');
  expect([...left].sort(compareVersions).at(-1)).toBe('1.39.0');
});
