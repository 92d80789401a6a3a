import type { TaskQueue } from '../ids';

/**
 * A step whose attempts have come to this number, by its kind of work, is one that operators hear of. With the pauses
 * of workflows/retry.ts quick work has then failed for four minutes; the others take minutes for each attempt.
 */
export const alertAtAttempt: Record<TaskQueue, number> = { release: 10, quick: 20, scans: 6, fanOut: 10 };

export const isRetriedTooOften = (queue: TaskQueue, attempt: number): boolean =>
  attempt >= alertAtAttempt[queue];
