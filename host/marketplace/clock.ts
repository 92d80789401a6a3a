import { MINUTE } from '../../core/duration';
import { describeOffset } from '../../core/offset';

/** What this machine's clock is measured by: the times at which the marketplace answers. */
export interface Clock {
  /** Takes the time that an answer bears, and when by this machine it was asked for and arrived. */
  observe(date: string | undefined, sentAt: number, receivedAt: number): void;
  /** Milliseconds by which this machine's clock is ahead; undefined before an answer came that bears a time. */
  offsetMs(): number | undefined;
  /** "This machine's clock is 2 days behind."; undefined while it is right or nobody knows. */
  fault(): string | undefined;
}

/** The header has whole seconds, an answer takes its time, and servers differ: less than this is no fault. */
const TOLERANCE_MS = MINUTE;

/** An answer that took longer says too little about when its time was. */
const LONGEST_ANSWER_MS = 30_000;

export function createClock(): Clock {
  let offset: number | undefined;
  return {
    observe(date, sentAt, receivedAt) {
      const theirs = Date.parse(date ?? '');
      const took = receivedAt - sentAt;
      if (Number.isNaN(theirs) || took < 0 || took > LONGEST_ANSWER_MS) return;
      offset = (sentAt + receivedAt) / 2 - theirs;
    },
    offsetMs: () => offset,
    fault: () =>
      offset === undefined || Math.abs(offset) < TOLERANCE_MS ? undefined : describeOffset(offset),
  };
}
