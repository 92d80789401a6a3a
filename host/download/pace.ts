import { refusal } from '../../core/errors/errors';

/** Over each half minute a download must bring 10 KiB a second: what is slower holds up other plugins. */
export const LEAST_PACE = { bytesPerSecond: 10 * 1024, windowMs: 30_000 };

/**
 * Watches how fast bytes arrive. What comes to a standstill is ended by the timeouts of the connection; this
 * ends what trickles for ever.
 *
 * @param now a clock in milliseconds that is never set back
 * @returns takes the size of each piece. @throws Refusal with UNAVAILABLE once a window brought too little
 */
export function watchPace(now: () => number, { bytesPerSecond, windowMs } = LEAST_PACE) {
  const needed = (bytesPerSecond * windowMs) / 1000;
  let begun = now();
  let bytes = 0;
  return (size: number): void => {
    bytes += size;
    if (now() - begun < windowMs) return;
    if (bytes < needed) {
      const seconds = windowMs / 1000;
      throw refusal('UNAVAILABLE', `The package arrives too slowly: ${bytes} bytes in ${seconds} s.`);
    }
    begun = now();
    bytes = 0;
  };
}
