import { getBackoffMs } from '../backoff';
import { MINUTE, SECOND } from '../duration';
import { PLATFORM } from '../ids';
import { limits } from '../limits';
import type { TimelineEntry } from './timeline';

/** A release of a publisher that is being checked, or waits for that. */
export interface Turn {
  releaseId: string;
  isHeld: boolean;
}

/** A check that was not begun: so many releases of the same publisher are before this one in waiting. */
export interface Waiting {
  outcome: 'waiting';
  ahead: number;
}

/**
 * Whether a release may be checked now. So many releases of one publisher are checked at once and no more, so that
 * the places for checks are never all one publisher's; the one that was submitted first comes first.
 *
 * @param turns those of one publisher, in the order of submission; a release may stand there several times
 */
export function decideTurn(turns: readonly Turn[], releaseId: string): { outcome: 'granted' } | Waiting {
  const holders = new Set(turns.filter(({ isHeld }) => isHeld).map((turn) => turn.releaseId));
  if (holders.has(releaseId)) return { outcome: 'granted' };
  const waiting = [...new Set(turns.map((turn) => turn.releaseId))].filter((id) => !holders.has(id));
  const place = waiting.indexOf(releaseId);
  const ahead = place < 0 ? waiting.length : place;
  return ahead < limits.checkedAtOnce - holders.size ? { outcome: 'granted' } : { outcome: 'waiting', ahead };
}

const LONGEST_PAUSE_MS = 10 * MINUTE;
const PAUSE = { firstMs: SECOND, longestMs: 30 * SECOND };
/** Less than a check takes: nobody sleeps through its turn. */
const TURN_MS = SECOND / 4;

/** Who waits is forgotten when it was not heard of for this long, in milliseconds. */
export const WAITING_FORGOTTEN_MS = 2 * LONGEST_PAUSE_MS;

/**
 * How long a release waits before it asks for its turn again, in milliseconds: short while the others move, longer
 * while they do not, and longer from further behind, so that the history of a wait stays short.
 *
 * @param looks how often in a row it was told this number, counted from 1
 */
export const getTurnPauseMs = (ahead: number, looks: number): number =>
  Math.min(LONGEST_PAUSE_MS, Math.max(getBackoffMs(looks, PAUSE), ahead * TURN_MS));

/** What a release waits for meanwhile, as its status shows it. */
export const OTHER_CHECKS = 'this publisher’s other checks';

/** Said once of a release, however often it waits. */
export const describeWaitingTurn = ({ ahead }: Waiting): TimelineEntry => ({
  key: 'check_waiting',
  kind: 'scan_held',
  text: `Waiting for this publisher’s other checks: ${limits.checkedAtOnce} releases of a publisher are checked at once, in the order of submission.`,
  actor: PLATFORM,
  data: { ahead, atOnce: limits.checkedAtOnce },
});
