import { getBackoffMs } from '../../core/backoff';
import type { JobOutcome } from '../disk/jobRecord';

const BACKOFF = { firstMs: 1_000, longestMs: 300_000 };

/** How long a plugin is left alone after installations that had to be put off: doubling, up to five minutes. */
export function createDeferrals(now: () => number) {
  const deferrals = new Map<string, { count: number; until: number }>();
  return {
    record(pluginId: string, outcome: JobOutcome): void {
      if (outcome !== 'deferred') return void deferrals.delete(pluginId);
      const count = (deferrals.get(pluginId)?.count ?? 0) + 1;
      deferrals.set(pluginId, { count, until: now() + getBackoffMs(count, BACKOFF) });
    },
    /** Milliseconds until the first plugin is due again; undefined where none was put off. */
    untilDue(): number | undefined {
      const waiting = [...deferrals.values()].map(({ until }) => until - now()).filter((ms) => ms > 0);
      return waiting.length === 0 ? undefined : Math.min(...waiting);
    },
    isDue: (pluginId: string): boolean => (deferrals.get(pluginId)?.until ?? 0) <= now(),
  };
}
