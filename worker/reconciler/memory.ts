/** What one process remembers from one pass to the next. It may lose it: everything is looked at again then. */
export interface Memory {
  /** Notes a run that was looked at and is in order. */
  note(runId: string, now: Date): void;
  /** Whether a run was looked at lately and was in order. */
  isInOrder(runId: string, now: Date): boolean;
  /** Forgets a run that may not be in order any more. */
  doubt(runId: string): void;
  /** Forgets every run but these, which still run. */
  keepRuns(running: ReadonlySet<string>): void;
  /** For how long a subject has looked like this, in milliseconds; 0 when it does for the first time. */
  measure(subject: string, looks: string, now: Date): number;
  forget(subject: string): void;
}

/** A subject that was not looked at for this long, in milliseconds, is forgotten. */
const FORGOTTEN_MS = 3_600_000;

/** Some ways to hold a run up stand in no list: each run is looked at again after this long, in milliseconds. */
const LOOKED_AT_FOR_MS = 600_000;

export function createMemory(): Memory {
  const inOrder = new Map<string, number>();
  const sights = new Map<string, { looks: string; since: number; last: number }>();
  return {
    note: (runId, now) => void inOrder.set(runId, now.getTime()),
    isInOrder: (runId, now) => now.getTime() - (inOrder.get(runId) ?? -Infinity) < LOOKED_AT_FOR_MS,
    doubt: (runId) => void inOrder.delete(runId),
    keepRuns(running) {
      for (const runId of inOrder.keys()) if (!running.has(runId)) inOrder.delete(runId);
    },
    measure(subject, looks, at) {
      const now = at.getTime();
      for (const [each, { last }] of sights) if (now - last > FORGOTTEN_MS) sights.delete(each);
      const before = sights.get(subject);
      const since = before?.looks === looks ? before.since : now;
      sights.set(subject, { looks, since, last: now });
      return now - since;
    },
    forget: (subject) => void sights.delete(subject),
  };
}
