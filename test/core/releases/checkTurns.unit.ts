import { decideTurn, describeWaitingTurn, getTurnPauseMs } from '../../../core/releases/checkTurns';
import { limits } from '../../../core/limits';

const held = (releaseId: string) => ({ releaseId, isHeld: true });
const waits = (releaseId: string) => ({ releaseId, isHeld: false });
const granted = { outcome: 'granted' };
const waiting = (ahead: number) => ({ outcome: 'waiting', ahead });

describe('of one publisher’s releases', () => {
  test('two are checked at once, and a third waits', () => {
    expect(limits.checkedAtOnce).toBe(2);
    expect(decideTurn([], 'a')).toEqual(granted);
    expect(decideTurn([held('a')], 'b')).toEqual(granted);
    expect(decideTurn([held('a'), held('b')], 'c')).toEqual(waiting(0));
  });

  test('one that is being checked begins its further checks at once, and counts once', () => {
    expect(decideTurn([held('a'), held('b')], 'a')).toEqual(granted);
    expect(decideTurn([held('a'), held('a'), held('a')], 'b')).toEqual(granted);
    expect(decideTurn([held('a'), waits('a'), held('b')], 'a')).toEqual(granted);
  });

  test('the one that was submitted first comes first, whoever asks first', () => {
    const turns = [held('a'), waits('b'), waits('b'), waits('c'), waits('d')];
    expect(decideTurn(turns, 'b')).toEqual(granted);
    expect(decideTurn(turns, 'c')).toEqual(waiting(1));
    expect(decideTurn(turns, 'd')).toEqual(waiting(2));
    expect(decideTurn(turns, 'a new one')).toEqual(waiting(3));
  });
});

test('who waits asks again soon while the others move, later while they do not, and latest from far behind', () => {
  expect([1, 2, 3, 9].map((looks) => getTurnPauseMs(0, looks))).toEqual([1_000, 2_000, 4_000, 30_000]);
  expect([4, 40, 400, 40_000].map((ahead) => getTurnPauseMs(ahead, 1))).toEqual([
    1_000, 10_000, 100_000, 600_000,
  ]);
});

test('that a release waits is said once on its timeline', () => {
  expect(describeWaitingTurn({ outcome: 'waiting', ahead: 3 })).toEqual({
    key: 'check_waiting',
    kind: 'scan_held',
    text: 'Waiting for this publisher’s other checks: 2 releases of a publisher are checked at once, in the order of submission.',
    actor: 'spillway',
    data: { ahead: 3, atOnce: 2 },
  });
});
