import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until there is an answer; what is asked may be down for a while.
 * @throws Error when two minutes have passed, with the last thing that was wrong
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  deadlineMs = 120_000,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (let last = 'no answer'; ;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      last = 'not yet';
    } catch (error) {
      last = String(error);
    }
    if (performance.now() > deadline) throw new Error(`${what} did not happen: ${last}`);
    await sleep(40);
  }
}

/** Runs work one after the other, in the order in which it was handed over. */
export function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}
