import { Refusal } from '../../../core/errors/errors';
import { watchPace } from '../../../host/download/pace';

const LEAST = { bytesPerSecond: 100, windowMs: 1_000 };

function watch() {
  let now = 5;
  const take = watchPace(() => now, LEAST);
  return (ms: number, bytes: number): string => {
    now += ms;
    try {
      take(bytes);
      return 'goes on';
    } catch (error) {
      return error instanceof Refusal ? error.code : String(error);
    }
  };
}

test('a download that trickles is ended at the end of the window that brought too little [INS-02]', () => {
  const take = watch();
  expect([take(500, 50), take(499, 49), take(1, 0)]).toEqual(['goes on', 'goes on', 'UNAVAILABLE']);
});

test('a download that brings just enough goes on for as long as it does', () => {
  const take = watch();
  const windows = Array.from({ length: 20 }, () => take(1_000, 100));
  expect(new Set(windows)).toEqual(new Set(['goes on']));
});

test('a burst at the beginning does not pay for a trickle after it', () => {
  const take = watch();
  expect([take(10, 1_000_000), take(990, 0), take(1_000, 99)]).toEqual(['goes on', 'goes on', 'UNAVAILABLE']);
});
