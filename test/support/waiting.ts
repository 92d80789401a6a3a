import { setTimeout as sleep } from 'node:timers/promises';

const SECONDS = 60;
const PAUSE_MS = 25;

type Truthy<T> = Exclude<T, undefined | null | false | '' | 0>;

export interface WaitOptions {
  /** How long to go on asking; 60 seconds by default, which is less than a test may take. */
  seconds?: number;
  /** Why asking again is of no use, e.g. the output of a process that has ended; nothing while it is of use. */
  giveUp?: () => string | undefined;
}

/**
 * Asks again until an expectation holds, which is when it does not throw; gives what it returned.
 * @param what what is awaited, as the error names it
 * @throws Error when the deadline passes, with the last thing that was wrong as text and cause
 */
export async function eventually<T>(
  what: string,
  expectation: () => T | Promise<T>,
  { seconds = SECONDS, giveUp = () => undefined }: WaitOptions = {},
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      const useless = giveUp();
      if (useless !== undefined) throw new Error(`${what}: in vain, ${useless}`, { cause: error });
      if (performance.now() > deadline)
        throw new Error(`${what}: not within ${seconds} s, ${String(error)}`, { cause: error });
    }
    await sleep(PAUSE_MS);
  }
}

/**
 * Asks again until the answer is true or a value, and gives it. What is asked may fail for a while.
 * @throws Error as `eventually` does
 */
export function until<T>(what: string, ask: () => T | Promise<T>, options?: WaitOptions): Promise<Truthy<T>> {
  return eventually(
    what,
    async () => {
      const answer = await ask();
      if (!answer) throw new Error(`the last answer was ${JSON.stringify(answer) ?? 'none'}`);
      return answer as Truthy<T>;
    },
    options,
  );
}
