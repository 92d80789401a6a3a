import { HOUR, MINUTE, DAY } from '../../../core/duration';
import { defaultGate } from '../../../core/releases/rolloutPlan';
import {
  describeExhaustion,
  describeOpening,
  describeSettlement,
  describeTurn,
  opinionSettled,
} from '../../../core/rollouts/opinionNews';
import { opinionStates, type OpinionState } from '../../../core/rollouts/opinionStates';
import {
  decideOpinion,
  getTurnMs,
  MOST_TURNS,
  type OpinionFacts,
  type OpinionStep,
} from '../../../core/rollouts/secondOpinion';
import { judgeStage } from '../../../core/rollouts/verdict';
import { createEvidence } from '../../support/builders/evidence';

const NOW = new Date('2026-11-28T12:00:00Z');
const soon = new Date(NOW.getTime() + MINUTE);

const createFacts = (
  [installed, failed]: readonly [number, number],
  state?: OpinionState,
  over: Partial<OpinionFacts> = {},
): OpinionFacts => ({
  evidence: createEvidence(1000, installed, failed, state ? { opinion: { state } } : {}),
  ...{ installedBefore: 0, turns: 0, waitsUntil: null, isResumed: false, ...over },
});
const decide = (...facts: Parameters<typeof createFacts>): OpinionStep =>
  decideOpinion(createFacts(...facts), defaultGate, NOW);

test('a second opinion is opened for one failure among at most eight results, and for nothing else, up to 300', () => {
  const wrong: string[] = [];
  for (let n = 0; n <= 300; n += 1) {
    for (let f = 0; f <= n; f += 1) {
      const expected = f === 1 && n <= 8 ? 'open' : 'none';
      if (decide([n - f, f]) !== expected) wrong.push(`${f} of ${n}`);
    }
  }
  expect(wrong).toEqual([]);
});

/** The rule as it is stated, for a second opinion that is open. */
function state(n: number, f: number, of: OpinionState, further: number): OpinionStep {
  if (of === 'settled' || f === 0) return of === 'settled' ? 'none' : 'settle';
  if (judgeStage(createEvidence(1000, n - f, f, { opinion: { state: of } }), defaultGate) === 'fail')
    return 'none';
  if (f > 1 || n > 8 || further >= 3) return 'settle';
  return of === 'exhausted' ? 'none' : 'ask';
}

test.each(opinionStates)(
  'one that is %s comes to what the rule states, for every number of results up to 300',
  (of) => {
    const wrong: string[] = [];
    for (let n = 0; n <= 300; n += 1) {
      for (let f = 0; f <= n; f += 1) {
        for (let further = 0; further <= Math.min(4, n - f); further += 1) {
          const step = decide([n - f, f], of, { installedBefore: n - f - further });
          if (step !== state(n, f, of, further)) wrong.push(`${f} of ${n}, ${further} since: ${step}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  },
);

test.each<[string, OpinionStep, OpinionStep]>([
  ['waits while whoever was asked may answer', decide([1, 1], 'asking', { waitsUntil: soon }), 'wait'],
  ['asks the next when that time is over', decide([1, 1], 'asking', { waitsUntil: NOW, turns: 1 }), 'ask'],
  ['asks no more than twenty', decide([1, 1], 'asking', { turns: MOST_TURNS }), 'exhaust'],
  ['is settled by three successes without waiting', decide([3, 1], 'asking', { waitsUntil: soon }), 'settle'],
  [
    'is not settled by successes of before',
    decide([5, 1], 'asking', { installedBefore: 3, waitsUntil: soon }),
    'wait',
  ],
  [
    'is settled by an operator who resumes',
    decide([2, 1], 'exhausted', { isResumed: true, installedBefore: 2 }),
    'settle',
  ],
  ['leaves a rollback to the verdict', decide([0, 1], 'exhausted', { isResumed: true }), 'none'],
])('a second opinion %s', (_, step, expected) => {
  expect(step).toBe(expected);
});

/** One further tenant's answer. */
type Answer = 'success' | 'failure' | 'silence';

/** Lets further tenants answer one after the other until nobody is asked any more. */
function play(answers: readonly Answer[], [installedBefore, failed]: readonly [number, number]) {
  let [installed, failures, asked] = [installedBefore, failed, 0];
  let of: OpinionState = 'asking';
  for (;;) {
    const facts = createFacts([installed, failures], of, { installedBefore, turns: asked });
    const step = decideOpinion(facts, defaultGate, NOW);
    if (step === 'settle') of = 'settled';
    else if (step === 'ask' && asked < answers.length) {
      const answer = answers[asked++];
      if (answer === 'success') installed += 1;
      if (answer === 'failure') failures += 1;
    } else if (step === 'ask' || step === 'exhaust') of = 'exhausted';
    else return { asked, of, judgement: judgeStage(facts.evidence, defaultGate) };
  }
}

const sequences = (length: number): Answer[][] =>
  length === 0
    ? [[]]
    : sequences(length - 1).flatMap((rest) =>
        (['success', 'failure', 'silence'] as const).map((answer) => [...rest, answer]),
      );

test('whatever six further tenants answer, the first failure ends it, three successes settle it, else nobody is left', () => {
  for (const before of [0, 1, 2, 4]) {
    for (const answers of sequences(6)) {
      const { asked, of, judgement } = play(answers, [before, 1]);
      const told = answers.slice(0, asked);
      const successes = told.filter((answer) => answer === 'success').length;
      const expected = told.includes('failure')
        ? [told.indexOf('failure') + 1, 'asking', 'fail']
        : successes === 3
          ? [told.lastIndexOf('success') + 1, 'settled', 'inconclusive']
          : [6, 'exhausted', before + successes < 2 ? 'fail' : 'second_opinion'];
      expect([asked, of, judgement]).toEqual(expected);
    }
  }
});

test('a turn lasts a tenth of the stage, at least a minute, at most an hour and no longer than a hold', () => {
  const turn = (durationMs: number, holdMs = defaultGate.holdMs) =>
    getTurnMs({ basisPoints: 1, durationMs }, { ...defaultGate, holdMs });
  expect([turn(20_000), turn(HOUR), turn(3 * DAY), turn(DAY, 5_000)]).toEqual([
    MINUTE,
    6 * MINUTE,
    HOUR,
    5_000,
  ]);
});

test('the timeline says who is asked, and the operators hear which tenant to look at', () => {
  const total = { installed: 4, failed: 1, rolledBack: 0 };
  const texts = [
    describeOpening({ stage: 2, tenantId: 'globex' }),
    describeOpening({ stage: 2, tenantId: null }),
    describeTurn({ turn: 1, tenantId: 'initech', endsAt: NOW.toISOString() }),
    describeExhaustion(1),
    describeExhaustion(0),
    describeSettlement({ tenantId: 'globex', total }),
  ].map(({ kind, text }) => `${kind}: ${text}`);
  expect(texts).toEqual([
    'stage_held: globex failed, one of few: the offer goes to one further tenant of stage 2 at a time.',
    'stage_held: A tenant failed, one of few: the offer goes to one further tenant of stage 2 at a time.',
    'stage_held: initech is offered the version for a second opinion, as number 1.',
    'stage_held: Nobody is left to ask for a second opinion; 1 tenant was asked.',
    'stage_held: Nobody is left to ask for a second opinion; 0 tenants were asked.',
    'alert: The second opinion is settled: 4 installed and 1 failed. The operators were told of globex.',
  ]);
  const subject = { pluginId: 'notes', version: '2.0.0', versionId: 'notes@2.0.0' };
  const byReports = opinionSettled(subject, { tenantId: 'globex', total, isResumed: false });
  const byOperator = opinionSettled(subject, { tenantId: null, total, isResumed: true });
  expect(byReports.title).toBe('notes 2.0.0 failed at globex alone');
  expect(byReports.message).toBe(
    'globex could not install notes 2.0.0. Further tenants could, so the rollout goes on; 4 installed and 1 failed. Look at the host of the tenant that failed.',
  );
  expect(byOperator.title).toBe('notes 2.0.0 failed at one tenant alone');
  expect(byOperator.message).toContain('An operator let the rollout go on; 4 installed and 1 failed.');
});
