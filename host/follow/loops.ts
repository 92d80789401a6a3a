import type { Logger } from 'pino';
import { addJitter, getBackoffMs } from '../../core/backoff';
import { Refusal } from '../../core/errors/errors';
import { isFileTrouble } from '../../platform/files/trouble';
import { createAsyncEvent } from '../../platform/asyncEvent';
import type { Outbox } from '../marketplace/outbox';

/** Doubles with each failure in a row, from half a second to a minute. */
const BACKOFF = { firstMs: 500, longestMs: 60_000 };

export interface LoopDeps {
  log: Logger;
  signal: AbortSignal;
  random: () => number;
}

/** How the last attempt ended: `waiting` before the first, then `ok` or an error code. */
export type LinkState = 'waiting' | 'ok' | string;

export interface Loop {
  state(): LinkState;
  /** Ends the current delay. */
  wake(): void;
  /** Resolves after the signal, when the last attempt has ended. */
  done: Promise<void>;
}

/**
 * Repeats a piece of work until the signal, each time after the milliseconds that it returned, or after
 * a growing delay when it failed.
 */
export function startLoop(
  name: string,
  { log, signal, random }: LoopDeps,
  work: () => Promise<number>,
): Loop {
  const wakeUp = createAsyncEvent();
  let state: LinkState = 'waiting';
  let failures = 0;

  async function once(): Promise<number> {
    try {
      const delayMs = await work();
      if (state !== 'ok') log.info({ loop: name }, `${name}: the marketplace is reachable`);
      state = 'ok';
      failures = 0;
      return delayMs;
    } catch (error) {
      failures += 1;
      const code = toLinkState(error);
      // Once per change, not once per attempt: an outage must not fill the log.
      if (state !== code) log.warn({ loop: name, code, err: error }, `${name}: ${code}; retrying`);
      state = code;
      return getBackoffMs(failures, BACKOFF);
    }
  }

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await wakeUp.wait(addJitter(await once(), random), signal);
      wakeUp.clear();
    }
  };
  const done = run();
  return { state: () => state, wake: wakeUp.set, done };
}

function toLinkState(error: unknown): LinkState {
  if (error instanceof Refusal) return error.code;
  return isFileTrouble(error) ? 'HOST_STORAGE' : 'INTERNAL';
}

const IDLE_FLUSH_MS = 60_000;

/** Delivers reports as they are added; what could not be delivered is retried. */
export const startDelivery = (deps: LoopDeps, outbox: Outbox) =>
  startLoop('reports', deps, async () => {
    await outbox.flush();
    return IDLE_FLUSH_MS;
  });
