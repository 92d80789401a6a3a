import type { Logger } from 'pino';
import { getBackoffMs } from '../../core/backoff';
import type { Layout } from '../disk/layout';
import { openJob } from './openJobs';
import type { Progress } from './progress';

/** How long a job waits that could not be finished: a full disk may have room again in a moment. */
const RETRY = { firstMs: 1_000, longestMs: 30_000 };

/** How often this process has tried a job, and whether a crash came before it. */
export interface Attempt {
  attempt: number;
  crashed: boolean;
}

export interface RetryDeps {
  log: Logger;
  signal: AbortSignal;
  layout: Layout;
  resume: (found: Progress, attempt: Attempt) => void;
  /** The job has ended: its end was written, and what failed came after it. */
  release: (jobId: string) => void;
}

/**
 * Resumes a job that could not be finished, later and later. Its plugin stays claimed meanwhile: nothing may be
 * installed on top of what could not be undone.
 */
export function createRetries({ log, signal, layout, resume, release }: RetryDeps) {
  async function resumeNow(jobId: string, next: Attempt): Promise<void> {
    if (signal.aborted) return;
    try {
      const found = await openJob(layout, jobId);
      if (found) resume(found, next);
      else release(jobId);
    } catch (error) {
      log.error({ err: error, jobId }, 'the journal of a job cannot be read; it is read again later');
      resumeLater(jobId, { ...next, attempt: next.attempt + 1 });
    }
  }

  /** @param next the attempt that is to come */
  function resumeLater(jobId: string, next: Attempt): void {
    setTimeout(() => void resumeNow(jobId, next), getBackoffMs(next.attempt - 1, RETRY)).unref();
  }
  return resumeLater;
}
