import fc from 'fast-check';
import { rolloutInputSchema, toStages, type RolloutInput } from '../../../contracts/releases/rolloutInput';
import { DAY, HOUR, MINUTE } from '../../../core/duration';
import {
  checkStages,
  checkStartTimes,
  defaultGate,
  describeStages,
  presetStages,
} from '../../../core/releases/rolloutPlan';

const stage = (percentage: number, durationMs: number = DAY) => ({
  basisPoints: percentage * 100,
  durationMs,
});
const listDetails = (...stages: ReturnType<typeof stage>[]) => checkStages(stages).map((each) => each.detail);

describe('a rollout plan', () => {
  test('is refused when shares fall, exceed 100 %, are none, or do not end with everyone [RLO-06]', () => {
    expect(listDetails(stage(50), stage(10), stage(100))).toEqual([
      'Stage 2 (10 %) is not larger than the stage before it (50 %).',
    ]);
    expect(listDetails(stage(50), stage(120))).toEqual([
      'Stage 2 offers to 120 % of tenants; it must be above 0 and at most 100.',
    ]);
    expect(listDetails(stage(0), stage(100))).toHaveLength(1);
    expect(listDetails(stage(10), stage(50))).toEqual([
      'The last stage offers to 50 % of tenants; it must offer to 100 %.',
    ]);
    expect(listDetails()).toEqual(['The rollout has no stages.']);
  });

  test('names every wrong stage at once, each by its place [RLO-06]', () => {
    const problems = checkStages([stage(0), stage(200, -1), stage(50)]);
    expect(problems.map((each) => each.pointer)).toEqual([
      '/rollout/stages/0',
      '/rollout/stages/1',
      '/rollout/stages/1',
      '/rollout/stages/2',
    ]);
  });

  test('has at most 50 stages', () => {
    const rising = (count: number) =>
      Array.from({ length: count }, (_, index) => stage(index === count - 1 ? 100 : index + 1));
    expect(checkStages(rising(50))).toEqual([]);
    expect(checkStages(rising(51))).toEqual([
      {
        code: 'ROLLOUT_PLAN_INVALID',
        detail: 'The rollout has 51 stages; at most 50 are allowed.',
        pointer: '/rollout/stages',
      },
    ]);
    expect(checkStages([])).toEqual([
      { code: 'ROLLOUT_PLAN_INVALID', detail: 'The rollout has no stages.', pointer: '/rollout/stages' },
    ]);
  });

  test('is refused when a share is repeated, not a number, or below nothing [RLO-06]', () => {
    expect(listDetails(stage(50), stage(50), stage(100))).toEqual([
      'Stage 2 (50 %) is not larger than the stage before it (50 %).',
    ]);
    expect(listDetails(stage(-1), stage(100))).toEqual([
      'Stage 1 offers to -1 % of tenants; it must be above 0 and at most 100.',
    ]);
    expect(listDetails(stage(NaN))).toHaveLength(1);
  });

  test('names the last stage when it leaves tenants out', () => {
    expect(checkStages([stage(10), stage(50)])[0]?.pointer).toBe('/rollout/stages/1');
  });

  test.each([-1, NaN, Infinity])('is refused when a stage lasts %d ms', (durationMs) => {
    expect(checkStages([stage(100, durationMs)])).toEqual([
      {
        code: 'ROLLOUT_PLAN_INVALID',
        detail: `Stage 1 lasts ${durationMs} ms; a duration cannot be negative.`,
        pointer: '/rollout/stages/0',
      },
    ]);
  });

  test('has stages of at most 366 days', () => {
    const year = 366 * 24 * 60 * 60 * 1000;
    expect(checkStages([stage(100, year)])).toEqual([]);
    for (const durationMs of [year + 1, 1e300]) {
      expect(checkStages([stage(100, durationMs)])).toEqual([
        {
          code: 'ROLLOUT_PLAN_INVALID',
          detail: `Stage 1 lasts ${durationMs} ms; the longest stage lasts 31622400000 ms (366 days).`,
          pointer: '/rollout/stages/0',
        },
      ]);
    }
  });

  test('begins none of its stages later than 366 days from now', () => {
    const now = new Date('2026-01-01T00:00:00Z');
    const starting = (startAt: string) => ({ ...stage(100), startAt });
    expect(checkStartTimes([stage(50), starting('2027-01-02T00:00:00.000Z')], now)).toEqual([]);
    expect(checkStartTimes([stage(50), starting('2027-01-02T00:00:00.001Z')], now)).toEqual([
      {
        code: 'ROLLOUT_PLAN_INVALID',
        detail: 'Stage 2 starts at 2027-01-02T00:00:00.001Z, more than 366 days from now.',
        pointer: '/rollout/stages/1',
      },
    ]);
  });

  test('may begin two stages at one time, but none before the one that precedes it', () => {
    const at = (percentage: number, startAt?: string) => ({
      ...stage(percentage),
      ...(startAt && { startAt }),
    });
    const noon = '2026-12-01T12:00:00Z';
    expect(listDetails(at(10, noon), at(100, '2026-12-01T13:00:00+01:00'))).toEqual([]);
    expect(listDetails(at(10, noon), at(100))).toEqual([]);
    expect(listDetails(at(10), at(100, noon))).toEqual([]);
    expect(listDetails(at(10, noon), at(100, '2026-12-01T12:59:59+01:00'))).toEqual([
      'Stage 2 starts at 2026-12-01T12:59:59+01:00, before the stage that precedes it.',
    ]);
  });

  test('of strictly rising shares up to 100 % is accepted, whatever they are', () => {
    const shares = fc.uniqueArray(fc.integer({ min: 1, max: 9_999 }), { minLength: 0, maxLength: 20 });
    fc.assert(
      fc.property(shares, (points) => {
        const rising = [...points.sort((a, b) => a - b), 10_000];
        return checkStages(rising.map((basisPoints) => ({ basisPoints, durationMs: 0 }))).length === 0;
      }),
    );
  });

  test('of the source documents’ names has their shares and days [RLO-02] [RLO-03] [RLO-04]', () => {
    const words = Object.entries(presetStages).map(([name, stages]) => `${name}: ${describeStages(stages)}`);
    expect(words).toEqual([
      'immediate: 100 % for 1 d',
      'gradual: 10 % for 1 d, then 25 % for 2 d, then 50 % for 3 d, then 100 % for 1 d',
      'standard: 50 % for 2 d, then 100 % for 1 d',
    ]);
  });

  test.each(Object.entries(presetStages))('may be the preset %s', (_name, stages) => {
    expect(checkStages(stages)).toEqual([]);
  });

  test('takes batches in all three forms in use, and one percentage as the first of two stages', () => {
    const parseStages = (input: RolloutInput) => toStages(rolloutInputSchema.parse(input));
    expect(
      parseStages({
        batches: [
          { percentage: 10, wait: '10m' },
          { percentage: 100, waitMinutes: 2 },
        ],
      }),
    ).toEqual([stage(10, 10 * MINUTE), stage(100, 2 * MINUTE)]);
    expect(parseStages({ batches: [{ percentage: 100, startAt: '2026-12-01T00:00:00Z' }] })).toEqual([
      { ...stage(100), startAt: '2026-12-01T00:00:00Z' },
    ]);
    expect(parseStages({ percentage: 10 })).toEqual([stage(10), stage(100)]);
    expect(parseStages({ type: 'gradual' })).toEqual([
      stage(10),
      stage(25, 2 * DAY),
      stage(50, 3 * DAY),
      stage(100),
    ]);
  });

  test('is held for six hours at most four times, and a rollback is late after five minutes [ACC-08]', () => {
    expect(defaultGate).toMatchObject({ holdMs: 6 * HOUR, maxHolds: 4, rollbackDeadlineMs: 5 * MINUTE });
  });

  test('reads as a sentence', () => {
    expect(describeStages([stage(40, 6000), stage(100)])).toBe('40 % for 6 s, then 100 % for 1 d');
  });
});
