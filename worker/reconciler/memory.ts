/** What one process remembers from one pass to the next. It may lose it: everything is looked at again then. */
export interface Memory {
  /** Notes a run that was looked at and is in order. */
  note(runId: string): void;
  isInOrder(runId: string): boolean;
  /** Forgets every run but these, which still run. */
  keepRuns(running: ReadonlySet<string>): void;
  /** For how long a subject has looked like this, in milliseconds; 0 when it does for the first time. */
  measure(subject: string, looks: string, now: Date): number;
  forget(subject: string): void;
}

/** A subject that was not looked at for this long, in milliseconds, is forgotten. */
const FORGOTTEN_MS = 3_600_000;

export function createMemory(): Memory {
  const inOrder = new Set<string>();
  const sights = new Map<string, { looks: string; since: number; last: number }>();
  return {
    note: (runId) => void inOrder.add(runId),
    isInOrder: (runId) => inOrder.has(runId),
    keepRuns(running) {
      for (const runId of inOrder) if (!running.has(runId)) inOrder.delete(runId);
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
