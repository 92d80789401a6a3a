import { Context } from '@temporalio/activity';
import { SECOND } from '../core/duration';

const EVERY_MS = 3 * SECOND;

/** What long work is handed: when to stop, and where to report how far it is. */
export interface Heartbeat {
  signal: AbortSignal;
  /** Kept for the next attempt, which reads it as {@link lastProgress}. */
  progress(details: unknown): void;
}

/**
 * Runs work that may take minutes, with a heartbeat every three seconds, so that a dead worker is
 * noticed, and a cancelled release stops the work.
 */
export async function withHeartbeat<T>(work: (heartbeat: Heartbeat) => Promise<T>): Promise<T> {
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

/** How far the previous attempt came, as it reported itself. */
export const lastProgress = (): unknown => Context.current().info.heartbeatDetails as unknown;
