import type { JobOutcome } from '../jobs/journal';

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;

/** How long a plugin is left alone after installations that had to be put off: doubling, up to five minutes. */
export function createPatience(now: () => number) {
  const waits = new Map<string, { delayMs: number; until: number }>();
  return {
    learn(pluginId: string, outcome: JobOutcome): void {
      if (outcome !== 'deferred') return void waits.delete(pluginId);
      const delayMs = Math.min((waits.get(pluginId)?.delayMs ?? FIRST_MS / 2) * 2, LONGEST_MS);
      waits.set(pluginId, { delayMs, until: now() + delayMs });
    },
    isDue: (pluginId: string): boolean => (waits.get(pluginId)?.until ?? 0) <= now(),
  };
}

/** A delay somewhere in the last quarter of `ms`, so that hosts that began together drift apart. */
export const jittered = (ms: number, random: () => number): number => ms * (0.75 + 0.25 * random());
