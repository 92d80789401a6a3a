import { setTimeout as sleep } from 'node:timers/promises';

/** How long one component may take to answer, in milliseconds. */
export const CHECK_TIMEOUT_MS = 2_500;

/** The body of `/readyz`, one shape for all processes: each component that is needed, and whether it answers. */
export interface Readiness {
  ready: boolean;
  components: Record<string, ComponentReadiness>;
}

export interface ComponentReadiness {
  ready: boolean;
  /** Why it is not ready, or more about one that is. */
  detail?: string;
}

/** What is asked of each component: it is ready when the promise resolves; a text is shown beside it. */
export type Checks = Readonly<Record<string, () => Promise<unknown>>>;

/** Why something is not ready, in words that anybody may read. */
export class NotReady extends Error {}

/** Asks all components at once; one that does not answer in time is not ready. */
export async function checkReadiness(checks: Checks, timeoutMs = CHECK_TIMEOUT_MS): Promise<Readiness> {
  const components = Object.fromEntries(
    await Promise.all(
      Object.entries(checks).map(async ([name, check]) => [name, await checkOne(name, check, timeoutMs)]),
    ),
  ) as Record<string, ComponentReadiness>;
  return { ready: Object.values(components).every(({ ready }) => ready), components };
}

async function checkOne(
  name: string,
  check: () => Promise<unknown>,
  timeoutMs: number,
): Promise<ComponentReadiness> {
  const timer = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
    throw new NotReady(`${name} did not answer within ${timeoutMs / 1000} s`);
  });
  try {
    const answer = await Promise.race([check(), late]);
    return typeof answer === 'string' ? { ready: true, detail: answer } : { ready: true };
  } catch (error) {
    // Why is in the component's own log; an error's text may name hosts and users.
    return {
      ready: false,
      detail: error instanceof NotReady ? error.message : `${name} does not answer`,
    };
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
