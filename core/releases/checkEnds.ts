import { PLATFORM } from '../ids';
import type { TimelineEntry } from './timeline';

/** How a process that checked a package ended before it had answered. */
export const checkEndCauses = ['memory', 'time', 'output', 'crash'] as const;
export type CheckEndCause = (typeof checkEndCauses)[number];

/** A check that a package has ended so often is not begun again: the release is rejected. */
export const MAX_CHECK_ENDS = 3;

/** How the process of a check ended, as the end of a sentence. */
export const describeCause: Record<CheckEndCause, string> = {
  memory: 'it used more memory than a check may',
  time: 'it took longer than a check may',
  output: 'its answer was longer than an answer may be, or unreadable',
  crash: 'it broke off without an answer',
};

export const checkEndKeyPrefix = (check: string): string => `check_ended:${check}:`;

/** The process of a check has ended for the `count`-th time, counted from 1. */
export const describeCheckEnd = (check: string, cause: CheckEndCause, count: number): TimelineEntry => ({
  key: `${checkEndKeyPrefix(check)}${count}`,
  kind: 'scan_held',
  text: `The check ${check} did not finish: ${describeCause[cause]} (attempt ${count} of ${MAX_CHECK_ENDS}).`,
  actor: PLATFORM,
  data: { check, cause, count },
});

/** Why a release is rejected whose package keeps ending a check. */
export const describeRepeatedEnd = (check: string, cause: CheckEndCause): string =>
  `The check ${check} did not finish in ${MAX_CHECK_ENDS} attempts; the last time ${describeCause[cause]}.`;

const MINUTE_MS = 60_000;
const GIB = 1024 ** 3;

/** How long one check of a package may take: two minutes, and nine more for each gibibyte. */
export const getCheckDeadlineMs = (bytes: number): number =>
  Math.round(2 * MINUTE_MS + (bytes / GIB) * 9 * MINUTE_MS);
