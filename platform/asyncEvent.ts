import { setTimeout as sleep } from 'node:timers/promises';

/** Tells one waiter that something has happened, also when it happens while nobody waits. */
export interface AsyncEvent {
  set(): void;
  clear(): void;
  /** Resolves when the event is set, after `timeoutMs`, or when `signal` ends the waiting. */
  wait(timeoutMs: number, signal: AbortSignal): Promise<void>;
}

/** An event that stays set until it is cleared, so that none is lost between looking and waiting. */
export function createAsyncEvent(): AsyncEvent {
  let happened = new AbortController();
  return {
    set: () => happened.abort(),
    // Always a new one: signals that are combined with one that lives long gather in it.
    clear: () => void (happened = new AbortController()),
    async wait(timeoutMs, signal) {
      const either = AbortSignal.any([happened.signal, signal]);
      await sleep(timeoutMs, undefined, { signal: either }).catch(() => undefined);
    },
  };
}
