import { addJitter } from '../../core/backoff';

/** Says when something is due again, a little sooner than asked, so that hosts that began together drift apart. */
export interface Timer {
  isDue(): boolean;
  /** Due again after so many milliseconds; after the usual time when nothing is said. */
  restart(ms?: number): void;
}

/** @param clock milliseconds that never go back, whatever becomes of the time of day */
export function createTimer(everyMs: number, clock: () => number, random: () => number): Timer {
  let dueAt = clock() + addJitter(everyMs, random);
  return {
    isDue: () => clock() >= dueAt,
    restart: (ms = everyMs) => void (dueAt = clock() + addJitter(ms, random)),
  };
}
