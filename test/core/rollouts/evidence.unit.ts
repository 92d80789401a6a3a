import fc from 'fast-check';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { countTroubled, toEvidence } from '../../../core/rollouts/evidence';
import { classifyFailure, failureKinds, listCodes } from '../../../core/rollouts/failureKinds';
import { describeVerdict } from '../../../core/rollouts/timeline';
import { judgeStage } from '../../../core/rollouts/verdict';

const record = (cohort: number, installed: number, failed: number, stage = 1) => ({
  ...{ stage, cohort, installed, failed, rolledBack: failed },
});
const judge = (...evidence: Parameters<typeof toEvidence>) =>
  judgeStage(toEvidence(...evidence), defaultGate);
const trouble = (code: string, tenants: number, stage = 1) => ({ stage, code, tenants });

const codes = failureKinds.filter((kind) => kind !== 'version').flatMap((kind) => listCodes(kind));
const troubles = fc.array(fc.record({ code: fc.constantFrom(...codes), tenants: fc.nat(30) }), {
  maxLength: 6,
});

describe('the evidence on a stage', () => {
  test('is judged as if tenants with troubles of their own did not exist, for any results and any others', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(60), troubles, (silent, installed, failed, told) => {
        const others = told.map(({ code, tenants }) => trouble(code, tenants));
        const own = countTroubled(others, 'tenant');
        const cohort = silent + installed + failed;
        expect(judge([record(cohort + own, installed, failed)], others, 1)).toBe(
          judge([record(cohort, installed, failed)], [], 1),
        );
      }),
    );
  });

  test('is condemned by failures of the version alone, however many other troubles are told of', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.nat(100), troubles, (cohort, installed, told) => {
        const others = told.map(({ code, tenants }) => trouble(code, tenants));
        const judged = judge([record(cohort, installed, 0)], others, 1);
        expect(['pass', 'empty', 'inconclusive']).toContain(judged);
      }),
    );
  });

  test('keeps in its cohort whom the way or the marketplace keeps from the version, so that it cannot pass by that', () => {
    const damaged = [trouble('DOWNLOAD_CORRUPTED', 9)];
    expect(judge([record(10, 1, 0)], damaged, 1)).toBe('inconclusive');
    expect(judge([record(10, 0, 0)], [trouble('UNAVAILABLE', 10)], 1)).toBe('inconclusive');
    expect(judge([record(10, 1, 0)], [trouble('HOST_DISK_FULL', 9)], 1)).toBe('pass');
  });

  test('is of five hosts of which one is old, one has a wrong clock, one a full disk and one a bad link', () => {
    const four = ['HOST_INCOMPATIBLE', 'HOST_CLOCK', 'HOST_DISK_FULL', 'DOWNLOAD_CORRUPTED'].map((code) =>
      trouble(code, 1),
    );
    expect(four.map(({ code }) => classifyFailure(code))).toEqual(['tenant', 'tenant', 'tenant', 'way']);
    const evidence = toEvidence([record(5, 1, 0)], four, 1);
    expect(evidence).toMatchObject({ cohort: 2, totalCohort: 2, leftOut: 3 });
    expect(judgeStage(evidence, defaultGate)).toBe('pass');
    expect(judge([record(5, 0, 1)], four.slice(0, 3).concat(trouble('HOST_STORAGE', 1)), 1)).toBe('fail');
    expect(judge([record(5, 0, 1)], four, 1)).toBe('second_opinion');
    expect(describeVerdict({ stage: 1, judgement: 'pass', evidence })).toBe(
      'Stage 1 passed (1 installed, 0 failed, 2 in the cohort, 3 left out because of their own hosts).',
    );
  });

  test('of a stage whose every tenant is left out is none, and says so', () => {
    const evidence = toEvidence([record(2, 0, 0)], [trouble('HOST_INCOMPATIBLE', 2)], 1);
    expect(judgeStage(evidence, defaultGate)).toBe('empty');
    expect(describeVerdict({ stage: 1, judgement: 'empty', evidence })).toBe(
      'Stage 1 had no tenant in its cohort, 2 left out because of their own hosts, and does not count as evidence.',
    );
  });

  test('leaves tenants out of the stage to which they belong, and of no other', () => {
    const records = [record(4, 4, 0, 1), record(6, 1, 0, 2)];
    expect(toEvidence(records, [trouble('HOST_CLOCK', 4, 2), trouble('HOST_CLOCK', 9, 1)], 2)).toMatchObject({
      ...{ cohort: 2, totalCohort: 2, leftOut: 4 },
      total: { installed: 5, failed: 0 },
    });
  });

  test('of a stage that has not begun is nothing', () => {
    const nothing = { installed: 0, failed: 0, rolledBack: 0 };
    expect(toEvidence([], [], 3)).toEqual({
      ...{ cohort: 0, totalCohort: 0, leftOut: 0, stage: nothing, total: nothing },
    });
  });
});
