import { DAY, HOUR } from '../duration';

/** A required scanner that has held a release for this long, in milliseconds, is one that operators hear of. */
export const SILENCE_ALERTED_MS = HOUR;

/**
 * Which notice of a silent scanner is due: the first one after an hour, a further one for each day. Undefined while it
 * is too early.
 *
 * @param silentMs for how long the release has waited for it
 */
export const findSilenceNotice = (silentMs: number): number | undefined =>
  silentMs < SILENCE_ALERTED_MS ? undefined : Math.floor(silentMs / DAY);
