import { MINUTE } from '../../../core/duration';
import {
  isWithdrawalUnheard,
  judgeRuns,
  listNeeded,
  LOST_AFTER_MS,
  runStandings,
  UNHEARD_AFTER_MS,
  UNNEEDED_AFTER_MS,
  type RunStanding,
} from '../../../core/operations/reconcile';
import { isTerminal, releaseStates } from '../../../core/releases/state';

const judge = (
  state: Parameters<typeof judgeRuns>[0]['state'],
  release: RunStanding,
  rollout: RunStanding,
  settledMs = 0,
) => judgeRuns({ state, release, rollout, settledMs });

const rolling = ['rolling_out', 'paused'] as const;
const isRolling = (state: string): boolean => (rolling as readonly string[]).includes(state);
const onItsWay = releaseStates.filter((state) => !isTerminal(state) && !isRolling(state));
const ended = [undefined, ...releaseStates.filter(isTerminal)];

describe('A row needs', () => {
  test.each(onItsWay)('the workflow of its release alone while it is %s', (state) => {
    expect(listNeeded(state)).toEqual({ release: true, rollout: false });
  });

  test.each(rolling)('the workflow of its release and that of its rollout while it is %s', (state) => {
    expect(listNeeded(state)).toEqual({ release: true, rollout: true });
  });

  test.each(ended)('no workflow when it is %s', (state) => {
    expect(listNeeded(state)).toEqual({ release: false, rollout: false });
  });
});

describe('A release on its way', () => {
  test.each(onItsWay)('that is %s is started again at once where its workflow is not its own', (state) => {
    const corrections = runStandings.map((release) => [release, judge(state, release, 'absent')]);
    expect(Object.fromEntries(corrections)).toEqual({
      running: 'none',
      reset: 'restart',
      foreign: 'restart',
      held: 'restart',
      absent: 'restart',
    });
  });

  test.each(onItsWay)(
    'that is %s has no rollout: one that lasts is ended, one that was reset at once',
    (state) => {
      expect(judge(state, 'running', 'running', UNNEEDED_AFTER_MS - 1)).toBe('none');
      expect(judge(state, 'running', 'running', UNNEEDED_AFTER_MS)).toBe('end');
      expect(judge(state, 'running', 'foreign', UNNEEDED_AFTER_MS)).toBe('end');
      expect(judge(state, 'running', 'reset')).toBe('end');
    },
  );
});

describe('A release that rolls out', () => {
  test.each(rolling)(
    'and is %s is started again at once where one of its workflows is not its own',
    (state) => {
      for (const release of ['reset', 'foreign', 'held', 'absent'] as const)
        expect(judge(state, release, 'running')).toBe('restart');
      for (const rollout of ['reset', 'foreign', 'held'] as const)
        expect(judge(state, 'running', rollout)).toBe('restart');
      expect(judge(state, 'running', 'running', 100 * MINUTE)).toBe('none');
    },
  );

  test.each(rolling)('and is %s is started again when its rollout stays absent', (state) => {
    expect(judge(state, 'running', 'absent', LOST_AFTER_MS - 1)).toBe('none');
    expect(judge(state, 'running', 'absent', LOST_AFTER_MS)).toBe('restart');
  });
});

describe('What no row needs', () => {
  test.each(ended)('is left alone while it may be finishing, and ended after that: %s', (state) => {
    expect(judge(state, 'absent', 'absent', 100 * MINUTE)).toBe('none');
    for (const [release, rollout] of [
      ['running', 'absent'],
      ['absent', 'running'],
      ['foreign', 'absent'],
      ['held', 'absent'],
    ] as const) {
      expect(judge(state, release, rollout, UNNEEDED_AFTER_MS - 1)).toBe('none');
      expect(judge(state, release, rollout, UNNEEDED_AFTER_MS)).toBe('end');
    }
  });

  test.each(ended)('is ended at once where it was put back: %s', (state) => {
    expect(judge(state, 'reset', 'absent')).toBe('end');
    expect(judge(state, 'absent', 'reset')).toBe('end');
  });
});

test('a lost rollout is healed within two minutes of passes, and what finishes is given ten', () => {
  expect([LOST_AFTER_MS, UNNEEDED_AFTER_MS]).toEqual([MINUTE, 10 * MINUTE]);
});

describe('A withdrawal that was asked for', () => {
  const withdrawAskedAt = new Date('2026-11-28T12:00:00Z');
  const after = (ms: number): Date => new Date(withdrawAskedAt.getTime() + ms);

  test('has not been heard of when the release still waits a minute later', () => {
    const asked = { state: 'in_review' as const, withdrawAskedAt };
    expect(UNHEARD_AFTER_MS).toBe(MINUTE);
    expect(isWithdrawalUnheard(asked, after(MINUTE - 1))).toBe(false);
    expect(isWithdrawalUnheard(asked, after(MINUTE))).toBe(true);
    expect(isWithdrawalUnheard({ ...asked, withdrawAskedAt: null }, after(MINUTE))).toBe(false);
  });

  test('is none any more for a release that has ended or is listed', () => {
    const listed = ['listed', 'rolling_out', 'paused'];
    for (const state of releaseStates.filter((each) => isTerminal(each) || listed.includes(each)))
      expect(isWithdrawalUnheard({ state, withdrawAskedAt }, after(MINUTE))).toBe(false);
  });
});
