import type { QueueEntry } from '../../contracts/reviews/queue';
import { slaLevels } from '../../core/reviews/sla';
import type { Tone } from '../ui/tones';

export interface Sla {
  /** Share of the time that has passed, 0 to 1. */
  share: number;
  tone: Extract<Tone, 'ok' | 'warn' | 'bad'>;
  /** Milliseconds to the deadline; negative when it has passed. */
  leftMs: number;
}

/** The page warns from the level at which the release's own alerts begin. */
const [WARN_SHARE] = slaLevels;

/** How much of the time for a review is used up; undefined while the review has not been opened. */
export function measureSla(
  { openedAt, slaDeadline }: Pick<QueueEntry, 'openedAt' | 'slaDeadline'>,
  now: number,
): Sla | undefined {
  if (openedAt === null || slaDeadline === null) return undefined;
  const totalMs = Date.parse(slaDeadline) - Date.parse(openedAt);
  const leftMs = Date.parse(slaDeadline) - now;
  const share = totalMs <= 0 ? 1 : Math.min(1, Math.max(0, 1 - leftMs / totalMs));
  const tone = leftMs <= 0 ? 'bad' : share >= WARN_SHARE ? 'warn' : 'ok';
  return { share, tone, leftMs };
}
