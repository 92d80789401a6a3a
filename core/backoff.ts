/** How long to wait between attempts. Pure: who sleeps, and with which clock, is the caller's business. */
export interface Backoff {
  /** The pause after the first failure, in milliseconds. */
  firstMs: number;
  /** No pause is longer, in milliseconds. */
  longestMs: number;
  /** What each pause is multiplied with to give the next; 2 where nothing is said. */
  factor?: number;
}

/** The pause in milliseconds after so many failures in a row (1 after the first). */
export const getBackoffMs = (failures: number, { firstMs, longestMs, factor = 2 }: Backoff): number =>
  Math.min(firstMs * factor ** Math.max(0, failures - 1), longestMs);

/**
 * A delay somewhere in the last quarter of `ms`, so that those who began together drift apart.
 *
 * @param random a number from 0 up to 1
 */
export const addJitter = (ms: number, random: () => number): number => ms * (0.75 + 0.25 * random());

/**
 * How often in a row something has failed, given how long it worked this time: whoever worked for
 * `healthyMs` was not in a loop of crashes, and its next failure counts as the first.
 */
export const countFailures = (before: number, workedMs: number, healthyMs: number): number =>
  workedMs >= healthyMs ? 1 : before + 1;
