import fc from 'fast-check';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { describeVerdict } from '../../../core/rollouts/timeline';
import {
  isFailing,
  judgeStage,
  getEvaluationIntervalMs,
  stageVerdicts,
  type StageEvidence,
} from '../../../core/rollouts/verdict';

const evidence = (
  cohort: number,
  installed: number,
  failed: number,
  total = { installed, failed },
): StageEvidence => ({
  cohort,
  stage: { installed, failed, rolledBack: failed },
  total: { ...total, rolledBack: total.failed },
});

describe('the verdict on a stage', () => {
  test.each([
    ['nobody in the cohort is no evidence', evidence(0, 0, 0), 'empty'],
    ['silence is inconclusive', evidence(100, 0, 0), 'inconclusive'],
    ['too few reports are inconclusive', evidence(100, 19, 0), 'inconclusive'],
    ['enough healthy reports pass', evidence(100, 20, 0), 'pass'],
    ['half of a small cohort is enough', evidence(3, 2, 0), 'pass'],
    ['one failure condemns a small cohort', evidence(3, 2, 1), 'fail'],
    ['one flake does not condemn a large cohort', evidence(50_000, 0, 1), 'inconclusive'],
    ['three failures above the rate condemn a large cohort', evidence(50_000, 97, 3), 'fail'],
    ['a tenant of no cohort that installed by itself is evidence', evidence(0, 1, 0), 'pass'],
    ['half of a small cohort is rounded up', evidence(3, 1, 0), 'inconclusive'],
    ['three failures decide however large the cohort is', evidence(50_000, 0, 3), 'fail'],
    ['failures at the rate, but not above it, pass', evidence(100, 98, 2), 'pass'],
    ['failures within the rate pass', evidence(50_000, 9_900, 100), 'pass'],
    ['late failures of earlier stages count', evidence(10, 10, 0, { installed: 50, failed: 10 }), 'fail'],
  ] as const)('%s', (_name, of, verdict) => {
    expect(judgeStage(of, defaultGate)).toBe(verdict);
  });

  test('never turns from fail to pass by one more failure', () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), count, count, (cohort, installed, failed) => {
        const more = isFailing(evidence(cohort, installed, failed + 1), defaultGate);
        return !isFailing(evidence(cohort, installed, failed), defaultGate) || more;
      }),
    );
  });

  test('is told with the numbers that it was reached by, in other words for each', () => {
    const texts = stageVerdicts.map((verdict) =>
      describeVerdict({ stage: 2, verdict, evidence: evidence(40, 30, 2) }),
    );
    expect(texts).toEqual([
      'Stage 2 passed (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 failed (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 is inconclusive (30 installed, 2 failed, 40 in the cohort).',
      'Stage 2 had no tenant in its cohort and does not count as evidence.',
    ]);
  });

  test('is asked for about ten times a stage, neither hectically nor rarely', () => {
    const every = (durationMs: number) =>
      getEvaluationIntervalMs({ basisPoints: 1, durationMs }, defaultGate);
    expect(every(6_000)).toBe(600);
    expect(every(100)).toBe(500);
    expect(every(86_400_000)).toBe(1_800_000);
  });
});
