import fc from 'fast-check';
import { formatElapsed, formatRelative, formatSpan } from '../../../web/format/time';
import { formatBytes, shortDigest } from '../../../web/format/words';
import { groupTimeline } from '../../../web/releases/groups';
import { countTenants } from '../../../web/rollouts/tally';
import { measureSla } from '../../../web/reviews/sla';
import { timeline } from '../support/fixtures';

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [6_230, '6.2 s'],
  [59_960, '59 s'],
  [184_000, '3 min 4 s'],
  [7_500_000, '2 h 5 min'],
  [273_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('%d ms of a step read as "%s"', (ms, text) => {
  expect(formatElapsed(ms)).toBe(text);
});

test('a moment is told from now, in both directions', () => {
  const now = Date.parse('2026-01-01T12:00:00.000Z');
  expect(formatRelative('2026-01-01T11:59:58.000Z', now)).toBe('just now');
  expect(formatRelative('2026-01-01T11:59:48.000Z', now)).toBe('12 s ago');
  expect(formatRelative('2026-01-01T12:03:10.000Z', now)).toBe('in 3 min');
  expect(formatRelative('2025-12-30T12:00:00.000Z', now)).toBe('2 d ago');
});

test('a countdown never shows sixty of the smaller unit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10 ** 10 }), (ms) => {
      expect(formatSpan(ms)).not.toMatch(/\b(60 s|60 min|24 h)\b/);
    }),
  );
});

test('sizes read as stores write them', () => {
  expect([999, 1_000, 999_600, 1_312_456, 320_000_000, 2_147_483_648].map(formatBytes)).toEqual([
    ...['999 B', '1.0 kB', '1.0 MB', '1.3 MB', '320 MB', '2.1 GB'],
  ]);
});

test('a short digest keeps its beginning and its end', () => {
  expect(shortDigest(`0123456789${'f'.repeat(48)}abcdef`)).toBe('0123456789…abcdef');
});

test('each tenant of a stage is counted once, by what it runs now', () => {
  expect(countTenants({ cohort: 5, installed: 3, failed: 1, rolledBack: 2 })).toEqual({
    ...{ running: 1, failed: 1, back: 2, waiting: 1 },
  });
  // A host whose switch failed reports that and its return; it is one tenant and not two.
  expect(countTenants({ cohort: 2, installed: 0, failed: 2, rolledBack: 2 })).toMatchObject({
    failed: 2,
    back: 0,
  });
});

test('no counters make a number of tenants negative', () => {
  const some = fc.nat(1_000);
  fc.assert(
    fc.property(some, some, some, some, (cohort, installed, failed, rolledBack) => {
      const tally = countTenants({ cohort, installed, failed, rolledBack });
      expect(Math.min(...Object.values(tally))).toBeGreaterThanOrEqual(0);
      expect(tally.running + tally.back).toBe(installed);
    }),
  );
});

test('a long run of installations is folded, a short one is not, and no line is lost', () => {
  const install: [kind: 'install', text: string] = ['install', 'installed'];
  const many = timeline([
    ['stage_started', 'go'],
    ...Array.from({ length: 6 }, () => install),
    ['notified', 'told'],
    install,
  ]);
  expect(groupTimeline(many).map((group) => group.events.length)).toEqual([1, 6, 1, 1]);
  expect(groupTimeline(many).flatMap((group) => group.events)).toEqual(many);
});

test('steps whose clocks disagree last nothing, and the first has nothing before it', () => {
  const [first, second] = timeline([
    ['notified', 'a'],
    ['notified', 'b'],
  ]);
  const turned = [first!, { ...second!, at: new Date(Date.parse(first!.at) - 500).toISOString() }];
  expect(groupTimeline(turned).map((group) => group.sinceMs)).toEqual([undefined, 0]);
});

test('the time for a review turns amber at half and red at its deadline', () => {
  const openedAt = '2026-01-01T08:00:00.000Z';
  const slaDeadline = '2026-01-01T12:00:00.000Z';
  const toneAt = (time: string) =>
    measureSla({ openedAt, slaDeadline }, Date.parse(`2026-01-01T${time}Z`))?.tone;
  expect(['08:00:00', '09:59:59', '10:00:00', '11:59:59', '12:00:00', '15:00:00'].map(toneAt)).toEqual([
    ...['ok', 'ok', 'warn', 'warn', 'bad', 'bad'],
  ]);
  expect(measureSla({ openedAt: null, slaDeadline: null }, 0)).toBeUndefined();
});
