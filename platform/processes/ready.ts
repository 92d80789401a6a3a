import { setTimeout as sleep } from 'node:timers/promises';
import { getBackoffMs } from '../../core/backoff';
import { getErrorMessage } from '../../core/errors/thrown';

const BACKOFF = { firstMs: 25, longestMs: 400, factor: 1.5 };

export type Readiness = { ready: true } | { ready: false; reason: string };

/**
 * Asks `probe` again and again until it answers without an error, the deadline passes, or `ended` settles.
 * Returns why it is not ready: the last answer of the probe, or how the process ended.
 */
export async function waitUntilReady(options: {
  probe: () => Promise<void>;
  deadlineMs: number;
  ended?: Promise<string>;
}): Promise<Readiness> {
  let end: string | undefined;
  void options.ended?.then((how) => (end = how));
  const deadline = performance.now() + options.deadlineMs;
  for (let attempt = 1; ; attempt += 1) {
    if (end !== undefined) return { ready: false, reason: end };
    const reason = await describeFailure(options.probe);
    // What answered may be an older process on the same port: it counts only while ours is alive.
    if (reason === undefined && end === undefined) return { ready: true };
    if (performance.now() > deadline) {
      const seconds = Math.round(options.deadlineMs / 1000);
      return { ready: false, reason: `not ready after ${seconds} s: ${reason ?? end}` };
    }
    await sleep(getBackoffMs(attempt, BACKOFF));
  }
}

/** Why the probe failed, or undefined where it did not. */
async function describeFailure(probe: () => Promise<void>): Promise<string | undefined> {
  try {
    await probe();
    return undefined;
  } catch (error) {
    const cause = error instanceof Error && error.cause ? ` (${getErrorMessage(error.cause)})` : '';
    return getErrorMessage(error) + cause;
  }
}

/** Throws unless the address answers 200 within two seconds; `mustContain` is looked for in the body. */
export async function probeHttp(url: string, mustContain = ''): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  const body = await answer.text();
  if (answer.status !== 200) throw new Error(`${url} answered ${answer.status}`);
  if (!body.includes(mustContain)) throw new Error(`${url} answered another page`);
}
