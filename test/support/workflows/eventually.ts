import { setTimeout as sleep } from 'node:timers/promises';

const DEADLINE_MS = 30_000;
const PAUSE_MS = 20;

/** Asks again until an expectation holds, so that workers can catch up with what a test did. */
export async function eventually(expectation: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await expectation();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(PAUSE_MS);
    }
  }
}
