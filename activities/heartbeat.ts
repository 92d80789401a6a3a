import { Context } from '@temporalio/activity';
import { SECOND } from '../core/duration';

const EVERY_MS = 3 * SECOND;

/** What long work is given: when to stop, and a place to say how far it is. */
export interface Pulse {
  signal: AbortSignal;
  /** Kept for the next attempt, which reads it as {@link lastProgress}. */
  progress(details: unknown): void;
}

/**
 * Runs work that may take minutes, with a heartbeat every three seconds, so that a dead worker is
 * noticed, and a cancelled release stops the work.
 */
export async function withHeartbeat<T>(work: (pulse: Pulse) => Promise<T>): Promise<T> {
  const context = Context.current();
  let details: unknown = lastProgress();
  const timer = setInterval(() => context.heartbeat(details), EVERY_MS);
  const progress = (next: unknown): void => {
    details = next;
    context.heartbeat(details);
  };
  try {
    return await work({ signal: context.cancellationSignal, progress });
  } finally {
    clearInterval(timer);
  }
}

/** How far the attempt before this one had come, as it said itself. */
export const lastProgress = (): unknown => Context.current().info.heartbeatDetails as unknown;
