import { setTimeout as sleep } from 'node:timers/promises';
import { InfraFailure } from '../terminal/failure';

export interface WaitOptions {
  signal: AbortSignal;
  /** Absent: as long as it takes, because a person decides. */
  deadlineMs?: number;
}

const ASK_EVERY_MS = 300;

/**
 * Asks again and again until there is an answer.
 * @throws InfraFailure when the deadline passes, naming what did not happen
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  { signal, deadlineMs = Infinity }: WaitOptions,
): Promise<T> {
  const began = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() - began > deadlineMs) {
      const reason = `${what}: did not happen within ${Math.round(deadlineMs / 1000)} s`;
      throw new InfraFailure('demonstration', reason, 'read the logs of worker and hosts');
    }
    await sleep(ASK_EVERY_MS, undefined, { signal });
  }
}
