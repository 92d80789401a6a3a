import type { OpinionState } from '../../../core/rollouts/opinionStates';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import { createEvidence } from '../../support/builders/evidence';
import {
  checkCompletion,
  checkStageEnd,
  checkStageStart,
  isReconsidered,
  type RolloutFacts,
} from '../../../core/rollouts/gates';
import type { StageVerdict } from '../../../core/rollouts/verdict';

const begunAt = new Date('2026-11-28T00:00:00Z');
const MINUTE = 60_000;
const plan = {
  type: 'gradual' as const,
  stages: [
    { basisPoints: 1000, durationMs: 10 * MINUTE },
    { basisPoints: 10_000, durationMs: MINUTE },
  ],
  gate: defaultGate,
  allow: [],
  deny: [],
};
const facts: RolloutFacts = {
  versionId: 'com.example.notes@1.0.0',
  state: 'rolling_out',
  isListed: true,
  isFirstVersion: false,
  isWithheld: false,
  plan,
  stages: [],
};
const begun = (stage: number, verdict: StageVerdict | null = null) => ({
  stage,
  verdict,
  startedAt: begunAt,
});
const details = (problems: readonly { detail: string }[]) => problems.map(({ detail }) => detail).join(' ');

describe('a stage begins', () => {
  test('when the version is listed, by the recorded plan, after the stage before it', () => {
    expect(checkStageStart(facts, { stage: 1, plan })).toEqual([]);
    const second = { stage: 2, plan: JSON.parse(JSON.stringify(plan)) as unknown };
    expect(checkStageStart({ ...facts, stages: [begun(1, 'pass')] }, second)).toEqual([]);
    expect(checkStageStart({ ...facts, stages: [begun(1, 'empty')] }, second)).toEqual([]);
  });

  test.each<[string, Partial<RolloutFacts>, { stage?: number; plan?: unknown }, RegExp]>([
    ['of a version that is restricted', { isWithheld: true }, {}, /the marketplace withholds the version/],
    ['of a version that is not listed', { isListed: false }, {}, /not listed/],
    ['of a release in review', { state: 'in_review' }, {}, /is in_review/],
    ['of a paused release', { state: 'paused' }, {}, /is paused/],
    ['by another plan', {}, { plan: { ...plan, allow: ['mallory'] } }, /not the recorded plan/],
    ['without a plan', { plan: null }, {}, /not the recorded plan.*no such stage/],
    ['that the plan does not have', { stages: [begun(2, 'pass')] }, { stage: 3 }, /no such stage/],
    ['of no whole number', {}, { stage: 0.5 }, /no such stage/],
    ['before the one before it has begun', {}, { stage: 2 }, /stage 1 has not passed/],
    ['while the one before it runs', { stages: [begun(1)] }, { stage: 2 }, /stage 1 has not passed/],
    ['after one that failed', { stages: [begun(1, 'fail')] }, { stage: 2 }, /stage 1 has not passed/],
  ])('never %s', (_, known, asked, reason) => {
    const problems = checkStageStart({ ...facts, ...known }, { stage: 1, plan, ...asked });
    expect(problems.every(({ code }) => code === 'EVIDENCE_MISSING')).toBe(true);
    expect(details(problems)).toMatch(reason);
  });

  test('with every reason at once, each naming the stage and the version', () => {
    const problems = checkStageStart(
      { ...facts, isListed: false, state: 'in_review', plan: null },
      { stage: 2, plan },
    );
    const reasons = [
      ...['the version is not listed', 'the release is in_review', 'this is not the recorded plan'],
      ...['the recorded plan has no such stage', 'stage 1 has not passed'],
    ];
    expect(problems.map(({ detail }) => detail)).toEqual(
      reasons.map((reason) => `Stage 2 of com.example.notes@1.0.0 was refused: ${reason}.`),
    );
  });
});

describe('a stage ends', () => {
  const reported = (installed: number, cohort = 100, failed = 0) => createEvidence(cohort, installed, failed);
  const at = (ms: number) => new Date(begunAt.getTime() + ms);
  const running = { ...facts, stages: [begun(1)] };
  const end = (verdict: StageVerdict, evidence = reported(50), now = at(10 * MINUTE), known = running) =>
    details(checkStageEnd(known, { stage: 1, verdict, evidence }, now));

  test('as passed when its time is over and enough tenants reported', () => {
    expect(end('pass')).toBe('');
    expect(end('pass', reported(50), at(10 * MINUTE - 1_000))).toBe('');
  });

  test('as passed though failures arrived since it was judged: the next stage shows them', () => {
    expect(end('pass', reported(50, 100, 50))).toBe('');
  });

  test('as failed or inconclusive at any time: that leads nowhere', () => {
    expect(end('fail', reported(0), begunAt)).toBe('');
    expect(end('inconclusive', reported(0), begunAt)).toBe('');
  });

  test('as empty only where nobody was in its cohort, which needs no waiting', () => {
    expect(end('empty', reported(0, 0), begunAt)).toBe('');
    expect(end('empty', reported(0, 100))).toMatch(/too few of its tenants have reported/);
  });

  test('never as empty where every tenant was left out because of its own host, and not before its time with a result', () => {
    const leftOut = (installed: number) => createEvidence(0, installed, 0, { leftOut: 40 });
    expect(end('empty', leftOut(0))).toMatch(/too few of its tenants have reported/);
    expect(end('pass', leftOut(0))).toMatch(/too few of its tenants have reported/);
    expect(end('pass', leftOut(1), begunAt)).toMatch(/its time is not over/);
    expect(end('pass', leftOut(1))).toBe('');
  });

  test('of a first version only when its time is over, as its subscribers are still to come', () => {
    const first = { ...running, isFirstVersion: true };
    const early = at(10 * MINUTE - 1_001);
    expect(end('empty', reported(0, 0), early, first)).toMatch(/its time is not over/);
    expect(end('empty', reported(0, 0), at(10 * MINUTE), first)).toBe('');
  });

  test('never as passed without reports, before its time, or when it has not begun', () => {
    expect(end('pass', reported(0))).toMatch(/too few of its tenants have reported/);
    expect(end('pass', reported(0, 0))).toMatch(/too few of its tenants have reported/);
    expect(end('pass', reported(50), at(10 * MINUTE - 1_001))).toMatch(/its time is not over/);
    const absent = checkStageEnd(
      facts,
      { stage: 1, verdict: 'pass', evidence: reported(50) },
      at(10 * MINUTE),
    );
    expect(details(absent)).toMatch(/has not begun/);
  });

  test('never as passed for nobody: that is empty', () => {
    expect(end('pass', reported(0, 0), begunAt)).toBe(
      'The end of stage 1 as pass of com.example.notes@1.0.0 was refused: too few of its tenants have reported.',
    );
  });

  test('never as passed while a second opinion on it is open', () => {
    const told = (state: OpinionState) => ({ ...reported(50), opinion: { state } });
    const open = 'the second opinion on it is not settled';
    expect(end('pass', told('asking'))).toContain(open);
    expect(end('pass', told('exhausted'))).toContain(open);
    expect(end('pass', told('settled'))).toBe('');
    expect(end('fail', told('asking'))).toBe('');
  });

  test('with every reason at once', () => {
    const problems = checkStageEnd(running, { stage: 1, verdict: 'pass', evidence: reported(0) }, begunAt);
    expect(problems).toEqual(
      ['too few of its tenants have reported', 'its time is not over'].map((reason) => ({
        code: 'EVIDENCE_MISSING',
        detail: `The end of stage 1 as pass of com.example.notes@1.0.0 was refused: ${reason}.`,
      })),
    );
  });

  test.each<[string, Partial<RolloutFacts>, number]>([
    ['without a recorded plan', { plan: null, stages: [begun(1)] }, 1],
    ['that the plan does not have', { stages: [begun(3)] }, 3],
    ['while only another one has begun', { stages: [begun(1)] }, 2],
  ])('never %s', (_, known, stage) => {
    const asked = { stage, verdict: 'pass' as const, evidence: reported(50) };
    expect(details(checkStageEnd({ ...facts, ...known }, asked, at(10 * MINUTE)))).toBe(
      `The end of stage ${stage} of com.example.notes@1.0.0 was refused: it has not begun.`,
    );
  });

  test('by its own time, not by that of another stage', () => {
    const second = { ...facts, stages: [begun(1, 'pass'), begun(2)] };
    const asked = { stage: 2, verdict: 'pass' as const, evidence: reported(50) };
    expect(checkStageEnd(second, asked, at(MINUTE))).toEqual([]);
  });

  test('once: asked again, it stays as it was', () => {
    const ended = { ...facts, stages: [begun(1, 'pass')] };
    expect(checkStageEnd(ended, { stage: 1, verdict: 'pass', evidence: reported(0) }, begunAt)).toEqual([]);
  });
});

describe('a rollout completes', () => {
  const complete = (ended: RolloutFacts['stages'], evidence = createEvidence(5, 5, 0)) =>
    checkCompletion({ ...facts, stages: ended }, evidence);

  test('when every stage of its plan has passed', () => {
    expect(complete([begun(1, 'pass'), begun(2, 'empty')])).toEqual([]);
  });

  test('never where hosts could not take the version and nobody else ran it; one result is enough', () => {
    const leftOut = { leftOut: 0, totalLeftOut: 3 };
    const ended = [begun(1, 'empty'), begun(2, 'empty')];
    expect(complete(ended, createEvidence(0, 0, 0, leftOut))).toEqual([
      {
        code: 'EVIDENCE_MISSING',
        detail:
          'The completion of com.example.notes@1.0.0 was refused: nobody has run the version, as the hosts of all tenants could not.',
      },
    ]);
    expect(complete(ended, createEvidence(1, 1, 0, leftOut))).toEqual([]);
    expect(complete(ended, createEvidence(0, 0, 0))).toEqual([]);
  });

  test('never before, and never without a plan', () => {
    expect(details(complete([begun(1, 'pass')]))).toMatch(/stage 2 has not passed/);
    expect(complete([])).toEqual([
      {
        code: 'EVIDENCE_MISSING',
        detail: 'The completion of com.example.notes@1.0.0 was refused: stage 1, 2 has not passed.',
      },
    ]);
    expect(details(checkCompletion({ ...facts, plan: null }, createEvidence(5, 5, 0)))).toBe(
      'The completion of com.example.notes@1.0.0 was refused: there is no recorded plan.',
    );
  });

  test('not yet when failures were reported since its last stage was judged', () => {
    expect(isReconsidered(facts, createEvidence(5, 1, 4))).toBe(true);
    expect(isReconsidered(facts, createEvidence(5, 4, 1))).toBe(true);
    const settled = { opinion: { state: 'settled' as const } };
    expect(isReconsidered(facts, createEvidence(5, 4, 1, settled))).toBe(false);
    expect(isReconsidered(facts, createEvidence(5, 5, 0))).toBe(false);
    expect(isReconsidered({ ...facts, plan: null }, createEvidence(5, 1, 4))).toBe(false);
  });
});
