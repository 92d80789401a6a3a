import type { QueueEntry } from '../../contracts/reviews/queue';
import type { Tone } from '../releases/states';

export interface Sla {
  /** Share of the time that has passed, 0 to 1. */
  share: number;
  tone: Extract<Tone, 'ok' | 'warn' | 'bad'>;
  /** Milliseconds to the deadline; negative when it has passed. */
  leftMs: number;
}

/** Where the warnings begin: half of the time, as the release's own alerts do. */
const WARN_AT = 0.5;

/** How much of the time for a review is used up; undefined while the review has not been opened. */
export function slaOf(
  { openedAt, slaDeadline }: Pick<QueueEntry, 'openedAt' | 'slaDeadline'>,
  now: number,
): Sla | undefined {
  if (openedAt === null || slaDeadline === null) return undefined;
  const whole = Date.parse(slaDeadline) - Date.parse(openedAt);
  const leftMs = Date.parse(slaDeadline) - now;
  const share = whole <= 0 ? 1 : Math.min(1, Math.max(0, 1 - leftMs / whole));
  const tone = leftMs <= 0 ? 'bad' : share >= WARN_AT ? 'warn' : 'ok';
  return { share, tone, leftMs };
}
