import { findPosition, listPending, sumPauses } from '../../../core/rollouts/standing';
import type { RolloutAction } from '../../../core/rollouts/commands';

const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 28, 12, minute));

describe('A rollout that a run takes up goes on', () => {
  const find = (
    rolloutState: Parameters<typeof findPosition>[0]['rolloutState'],
    lastStage: Parameters<typeof findPosition>[0]['lastStage'],
  ) => findPosition({ rolloutState, lastStage });

  test('with the first stage where none has begun', () => {
    expect(find(null, undefined)).toEqual({ next: 'stage', stage: 1 });
  });

  test('in the stage that is running', () => {
    expect(find('active', { stage: 2, verdict: null })).toEqual({ next: 'stage', stage: 2 });
    expect(find('paused', { stage: 2, verdict: null })).toEqual({ next: 'stage', stage: 2 });
    expect(find('active', { stage: 2, verdict: 'inconclusive' })).toEqual({ next: 'stage', stage: 2 });
  });

  test('with the stage after one that has passed, also behind the last', () => {
    expect(find('active', { stage: 2, verdict: 'pass' })).toEqual({ next: 'stage', stage: 3 });
    expect(find('active', { stage: 2, verdict: 'empty' })).toEqual({ next: 'stage', stage: 3 });
    expect(find('completed', { stage: 3, verdict: 'pass' })).toEqual({ next: 'stage', stage: 4 });
  });

  test('with taking the version back where that has begun or a verdict asks for it', () => {
    expect(find('active', { stage: 2, verdict: 'fail' })).toEqual({ next: 'rollback', stage: 2 });
    expect(find('rolling_back', { stage: 2, verdict: null })).toEqual({ next: 'rollback', stage: 2 });
    expect(find('rolled_back', { stage: 1, verdict: 'pass' })).toEqual({ next: 'rollback', stage: 1 });
  });
});

describe('Commands that a lost run left behind', () => {
  const now = at(30);
  const given = (
    action: RolloutAction,
    minute: number,
    over: Partial<{ expiresAt: Date; takenAt: Date }> = {},
  ) => ({
    ...{ action, by: `olga at ${minute}`, givenAt: at(minute), expiresAt: at(minute + 60), takenAt: null },
    ...over,
  });
  const list = (state: 'rolling_out' | 'paused', ...commands: ReturnType<typeof given>[]) =>
    listPending(commands, { state, changedAt: at(10) }, now);

  test('are none where none was given since the state changed', () => {
    expect(list('rolling_out')).toEqual({});
    expect(list('rolling_out', given('pause', 10), given('resume', 9))).toEqual({});
  });

  test('are carried out where the state does not show them yet', () => {
    expect(list('rolling_out', given('pause', 11))).toEqual({ paused: 'olga at 11' });
    expect(list('paused', given('resume', 11))).toEqual({ resumed: 'olga at 11' });
    expect(list('paused', given('abort', 11))).toEqual({ aborted: 'olga at 11' });
  });

  test('still are an abort that was given before the rollout paused by itself', () => {
    expect(list('paused', given('abort', 9))).toEqual({ aborted: 'olga at 9' });
    expect(list('paused', given('abort', 9, { expiresAt: at(12) }))).toEqual({});
  });

  test('are void where they ask for what is the case', () => {
    expect(list('paused', given('pause', 11))).toEqual({});
    expect(list('rolling_out', given('resume', 11))).toEqual({});
  });

  test('count by the later one of pause and resume', () => {
    expect(list('rolling_out', given('pause', 11), given('resume', 12))).toEqual({});
    expect(list('rolling_out', given('resume', 11), given('pause', 12))).toEqual({ paused: 'olga at 12' });
    expect(list('rolling_out', given('pause', 11), given('pause', 12))).toEqual({ paused: 'olga at 12' });
    expect(list('paused', given('resume', 11), given('pause', 12))).toEqual({});
    expect(list('paused', given('pause', 11), given('resume', 12))).toEqual({ resumed: 'olga at 12' });
  });

  test('are void when they expired before anybody took them', () => {
    expect(list('rolling_out', given('pause', 11, { expiresAt: now }))).toEqual({});
    expect(list('rolling_out', given('pause', 11, { expiresAt: at(31) }))).toEqual({ paused: 'olga at 11' });
    expect(list('rolling_out', given('abort', 11, { expiresAt: at(12), takenAt: at(11) }))).toEqual({
      aborted: 'olga at 11',
    });
  });
});

describe('The time that a stage was paused', () => {
  const changes = [
    { to: 'rolling_out' as const, at: at(0) },
    { to: 'paused' as const, at: at(10) },
    { to: 'rolling_out' as const, at: at(15) },
    { to: 'paused' as const, at: at(20) },
  ];

  test('is the sum of its pauses, the one that lasts included', () => {
    expect(sumPauses(changes, at(0), at(22))).toBe(7 * 60_000);
    expect(sumPauses(changes.slice(0, 3), at(0), at(22))).toBe(5 * 60_000);
    expect(sumPauses([], at(0), at(22))).toBe(0);
  });

  test('begins with the stage', () => {
    expect(sumPauses(changes, at(12), at(22))).toBe(5 * 60_000);
    expect(sumPauses(changes, at(16), at(22))).toBe(2 * 60_000);
  });
});
