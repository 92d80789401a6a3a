import fc from 'fast-check';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { countTroubled, toEvidence } from '../../../core/rollouts/evidence';
import { classifyFailure, failureKinds, listCodes } from '../../../core/rollouts/failureKinds';
import { checkCompletion, checkStageEnd, type RolloutFacts } from '../../../core/rollouts/gates';
import { describeHold, describeVerdict } from '../../../core/rollouts/timeline';
import { judgeStage, type StageEvidence, type StageVerdict } from '../../../core/rollouts/verdict';

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

const startedAt = new Date('2026-11-28T00:00:00Z');
const stages = Array.from({ length: 3 }, () => ({ basisPoints: 10_000, durationMs: 60_000 }));
const plan = { type: 'gradual' as const, stages, gate: defaultGate, allow: [], deny: [] };
const facts: RolloutFacts = {
  ...{ versionId: 'notes@1.0.0', state: 'rolling_out', isListed: true, isFirstVersion: true },
  ...{ isWithheld: false, plan, stages: [] },
};

/** Why a stage may not end so long after its time. */
const end = (stage: number, verdict: StageVerdict, evidence: StageEvidence) =>
  checkStageEnd(
    { ...facts, stages: [{ stage, verdict: null, startedAt }] },
    { stage, verdict, evidence },
    new Date('2026-11-29T00:00:00Z'),
  );

describe('the evidence on a stage', () => {
  test('is judged as if tenants with troubles of their own did not exist, for any results and any others, once somebody else does', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), fc.nat(60), troubles, (silent, installed, failed, told) => {
        const others = told.map(({ code, tenants }) => trouble(code, tenants));
        const own = countTroubled(others, 'tenant');
        const cohort = silent + installed + failed;
        fc.pre(cohort > 0);
        expect(judge([record(cohort + own, installed, failed)], others, 1)).toBe(
          judge([record(cohort, installed, failed)], [], 1),
        );
      }),
    );
  });

  test('lets no stage end and no rollout complete before anybody ran the version, whoever of any cohorts is left out', () => {
    const troubled = fc.tuple(fc.nat(40), troubles);
    fc.assert(
      fc.property(fc.array(troubled, { minLength: 1, maxLength: 3 }), (stages) => {
        const records = stages.map(([cohort], index) => record(cohort, 0, 0, index + 1));
        const told = stages.flatMap(([, of], index) =>
          of.map(({ code, tenants }) => trouble(code, tenants, index + 1)),
        );
        for (const { stage, cohort } of records) {
          const evidence = toEvidence(records, told, stage);
          const judged = judgeStage(evidence, defaultGate);
          expect(judged).toBe(cohort === 0 ? 'empty' : 'inconclusive');
          const refusals = (['pass', 'empty'] as const).map((verdict) => end(stage, verdict, evidence));
          expect(refusals.map(({ length }) => length > 0)).toEqual([true, cohort > 0]);
        }
        const last = toEvidence(records, told, records.length);
        const passed = records.map(({ stage }) => ({ stage, verdict: 'empty' as const, startedAt }));
        const planned = { ...plan, stages: plan.stages.slice(0, records.length) };
        const isRefused = checkCompletion({ ...facts, plan: planned, stages: passed }, last).length > 0;
        expect(isRefused).toBe((last.totalLeftOut ?? 0) > 0);
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

  test('of a stage whose every tenant is left out holds it until one of them ran the version, and says so', () => {
    const old = [trouble('HOST_INCOMPATIBLE', 40)];
    const evidence = toEvidence([record(40, 0, 0)], old, 1);
    expect(evidence).toMatchObject({ cohort: 0, leftOut: 40, totalLeftOut: 40 });
    expect(judgeStage(evidence, defaultGate)).toBe('inconclusive');
    expect(describeHold({ stage: 1, judgement: 'inconclusive', evidence })).toBe(
      'Stage 1 is inconclusive (0 installed, 0 failed, 0 in the cohort, 40 left out because of their own hosts); the stage is on hold.',
    );
    expect(judge([record(40, 1, 0)], [trouble('HOST_INCOMPATIBLE', 39)], 1)).toBe('pass');
  });

  test('leaves nobody out who came after the cohort was last counted, so that a stage that was judged empty ends so', () => {
    const evidence = toEvidence([record(0, 0, 0)], [trouble('HOST_CLOCK', 1)], 1);
    expect(evidence).toMatchObject({ cohort: 0, leftOut: 0, totalLeftOut: 0 });
    expect(end(1, 'empty', evidence)).toEqual([]);
  });

  test('leaves tenants out of the stage to which they belong, and of no other', () => {
    const records = [record(4, 4, 0, 1), record(6, 1, 0, 2)];
    expect(toEvidence(records, [trouble('HOST_CLOCK', 4, 2), trouble('HOST_CLOCK', 9, 1)], 2)).toMatchObject({
      ...{ cohort: 2, totalCohort: 2, leftOut: 4, totalLeftOut: 8 },
      total: { installed: 5, failed: 0 },
    });
  });

  test('of a stage that has not begun is nothing', () => {
    const nothing = { installed: 0, failed: 0, rolledBack: 0 };
    expect(toEvidence([], [], 3)).toEqual({
      ...{ cohort: 0, totalCohort: 0, leftOut: 0, totalLeftOut: 0, stage: nothing, total: nothing },
    });
  });
});
