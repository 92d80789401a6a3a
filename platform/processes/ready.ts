import { setTimeout as sleep } from 'node:timers/promises';
import { getErrorMessage } from '../../core/errors/thrown';

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
  for (let pause = 25; ; pause = Math.min(pause * 1.5, 400)) {
    if (end !== undefined) return { ready: false, reason: end };
    const reason = await answerOf(options.probe);
    // What answered may be an older process on the same port: it counts only while ours is alive.
    if (reason === undefined && end === undefined) return { ready: true };
    if (performance.now() > deadline) {
      const seconds = Math.round(options.deadlineMs / 1000);
      return { ready: false, reason: `not ready after ${seconds} s: ${reason ?? end}` };
    }
    await sleep(pause);
  }
}

async function answerOf(probe: () => Promise<void>): Promise<string | undefined> {
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
