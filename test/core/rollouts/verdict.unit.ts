import fc from 'fast-check';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { describeVerdict } from '../../../core/rollouts/timeline';
import {
  getEvaluationIntervalMs,
  isUrgent,
  judgeStage,
  verdictTable,
  type Judgement,
} from '../../../core/rollouts/verdict';
import { opinionStates, type OpinionState } from '../../../core/rollouts/opinionStates';
import { computeWilsonUpperBound } from '../../../core/rollouts/wilson';
import { createEvidence } from '../../support/builders/evidence';

const judge = (cohort: number, installed: number, failed: number, more = {}, gate = {}): Judgement =>
  judgeStage(createEvidence(cohort, installed, failed, more), { ...defaultGate, ...gate });

/**
 * Whether the Wilson bound of `s` successes among `n` is under 98 %, by its definition rather than by its
 * solution: 98 % is above what was seen, and further from it than 1.959964 standard errors of its own.
 */
const isUnder98 = (s: number, n: number): boolean =>
  0.98 * n > s && (0.98 * n - s) ** 2 > 1.959964 ** 2 * n * 0.98 * 0.02;

/** The rule as it is stated, for a cohort that is larger than any number of reports here. */
function state(n: number, f: number, opinion?: OpinionState): Judgement {
  if (f >= 2 && isUnder98(n - f, n)) return 'fail';
  if (f === 1 && n <= 2 && opinion !== undefined && opinion !== 'asking') return 'fail';
  if (f === 1 && n <= 8 && opinion !== 'settled') return 'second_opinion';
  return n >= 20 ? 'pass' : 'inconclusive';
}

describe('the verdict on a stage', () => {
  test.each([undefined, ...opinionStates])(
    'is what the rule states for every number of reports up to 300 and of failures, with a second opinion that is %s',
    (opinion) => {
      const more = opinion ? { opinion: { state: opinion } } : {};
      const wrong: string[] = [];
      for (let n = 0; n <= 300; n += 1) {
        for (let f = 0; f <= n; f += 1) {
          const judged = judge(1000, n - f, f, more);
          if (judged !== state(n, f, opinion)) wrong.push(`${f} of ${n}: ${judged}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test.each([
    [1, 8, 9],
    [2, 27, 28],
    [3, 51, 52],
    [4, 78, 79],
  ])('%d failures are too many for 98 %% among %d reports, and not among %d', (failed, few, enough) => {
    expect(computeWilsonUpperBound(few - failed, few)).toBeLessThan(0.98);
    expect(computeWilsonUpperBound(enough - failed, enough)).toBeGreaterThan(0.98);
  });

  test('starts from a bound of 100 % where nothing was reported or nothing failed', () => {
    expect(computeWilsonUpperBound(0, 0)).toBe(1);
    expect(computeWilsonUpperBound(7, 7)).toBeCloseTo(1, 12);
    expect(computeWilsonUpperBound(5, 10)).toBeCloseTo(0.7634, 4);
  });

  test.each<[string, Judgement, Judgement]>([
    ['nobody in the cohort is no evidence', judge(0, 0, 0), 'empty'],
    ['nobody but tenants that are left out is inconclusive', judge(0, 0, 0, { leftOut: 1 }), 'inconclusive'],
    ['silence is inconclusive', judge(100, 0, 0), 'inconclusive'],
    ['19 reports of 100 are too few', judge(100, 19, 0), 'inconclusive'],
    ['20 healthy reports pass', judge(100, 20, 0), 'pass'],
    ['half of a small cohort is enough', judge(4, 2, 0), 'pass'],
    ['half of a small cohort is rounded up', judge(3, 1, 0), 'inconclusive'],
    ['a tenant that came by itself is evidence', judge(0, 1, 0), 'pass'],
    ['reports beyond the cohort count towards it', judge(1, 3, 0), 'pass'],
    ['the only tenant fails', judge(1, 0, 1), 'fail'],
    ['the only tenant of all stages fails', judge(0, 0, 1, { totalCohort: 1 }), 'fail'],
    ['one of two fails', judge(2, 0, 1), 'second_opinion'],
    ['one fails after a cohort of one that installed', judge(1, 1, 1, { totalCohort: 2 }), 'second_opinion'],
    ['one of six fails', judge(6, 5, 1), 'second_opinion'],
    ['one of nine fails', judge(9, 8, 1), 'pass'],
    ['four of five fail', judge(5, 1, 4), 'fail'],
    ['two of two fail, however large the cohort', judge(50_000, 0, 2), 'fail'],
  ])('%s', (_, judged, expected) => {
    expect(judged).toBe(expected);
  });

  test('counts late failures of earlier stages, and those of the stage alone', () => {
    const late = { total: { installed: 20, failed: 2, rolledBack: 0 } };
    expect(judge(10, 10, 0, late)).toBe('fail');
    expect(judge(10, 10, 0, { total: { installed: 5, failed: 1, rolledBack: 0 } })).toBe('second_opinion');
    expect(judge(30, 18, 2, { total: { installed: 1018, failed: 2, rolledBack: 0 } })).toBe('fail');
  });

  test('lets a gate be stricter than the rule, and never laxer', () => {
    expect(judge(300, 99, 1, {}, { maxFailureRate: 0 })).toBe('second_opinion');
    expect(judge(300, 58, 2, {}, { maxFailureRate: 0.005 })).toBe('fail');
    expect(judge(300, 2, 2, {}, { maxFailureRate: 0.9 })).toBe('fail');
    expect(judge(300, 0, 1, {}, { minFailures: 1 })).toBe('fail');
    expect(judge(300, 0, 2, {}, { minFailures: 3 })).toBe('fail');
    expect(judge(300, 49, 0, {}, { minReports: 50 })).toBe('inconclusive');
    expect(judge(300, 50, 0, {}, { minReports: 50 })).toBe('pass');
    expect(judge(300, 19, 0, {}, { minReports: 1 })).toBe('inconclusive');
  });

  test('never lets a version pass that most of its tenants failed to install', () => {
    const counts = { cohort: fc.nat(1000), installed: fc.nat(400), more: fc.integer({ min: 1, max: 400 }) };
    const states = fc.constantFrom(...opinionStates);
    fc.assert(
      fc.property(fc.record(counts), states, ({ cohort, installed, more }, of) =>
        ['fail', 'second_opinion'].includes(
          judge(cohort, installed, installed + more, { opinion: { state: of } }),
        ),
      ),
    );
  });

  test('never becomes better by one more failure', () => {
    const worst: Judgement[] = ['fail', 'second_opinion'];
    const rank = (judgement: Judgement) => (worst.includes(judgement) ? worst.indexOf(judgement) : 2);
    fc.assert(
      fc.property(fc.nat(2000), fc.nat(1000), fc.nat(1000), (cohort, installed, failed) => {
        const [before, after] = [
          judge(cohort + 2, installed, failed),
          judge(cohort + 2, installed, failed + 1),
        ];
        return rank(after) <= rank(before) || before === 'second_opinion';
      }),
    );
  });

  test('is urgent where it is a fail or needs a second opinion, and nowhere else', () => {
    const urgent = ([installed, failed]: readonly [number, number]) =>
      isUrgent(createEvidence(9, installed, failed), defaultGate);
    expect(
      (
        [
          [0, 2],
          [3, 1],
          [8, 1],
          [9, 0],
          [0, 0],
        ] as const
      ).map(urgent),
    ).toEqual([true, true, false, false, false]);
  });

  test('is told with the numbers that it was reached by, in other words for each', () => {
    const judgements = [...new Set(verdictTable.map(({ judgement }) => judgement))];
    const texts = judgements.map((judgement) =>
      describeVerdict({ stage: 2, judgement, evidence: createEvidence(40, 30, 2) }),
    );
    expect(texts).toEqual([
      'Stage 2 failed (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 waits for a second opinion (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 had no tenant in its cohort and does not count as evidence.',
      'Stage 2 passed (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 is inconclusive (30 installed, 2 failed, 40 in the cohort).',
    ]);
    const late = createEvidence(9, 9, 0, { total: { installed: 12, failed: 4, rolledBack: 0 } });
    expect(describeVerdict({ stage: 2, judgement: 'fail', evidence: late })).toBe(
      'Stage 2 failed (9 installed, 0 failed, 9 in the cohort; 12 installed and 4 failed in all stages).',
    );
  });

  test('is asked for about ten times a stage, neither hectically nor rarely', () => {
    const every = (durationMs: number) =>
      getEvaluationIntervalMs({ basisPoints: 1, durationMs }, defaultGate);
    expect(every(6_000)).toBe(600);
    expect(every(100)).toBe(500);
    expect(every(86_400_000)).toBe(1_800_000);
  });
});
