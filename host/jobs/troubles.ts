import type { ErrorCode } from '../../core/errors/errors';
import { findTrouble, isWorthTelling } from '../../core/rollouts/failureKinds';

/** What keeps a plugin's newest version from this host, though nothing is wrong with the version. */
export interface Trouble {
  pluginId: string;
  version: string;
  code: ErrorCode;
  /** What is wrong where, as a sentence. */
  detail: string;
  since: Date;
  /** How often it was met in a row. */
  times: number;
}

export interface Troubles {
  /** Notes what was met. @returns whether the marketplace is to be told now */
  meet(met: Pick<Trouble, 'pluginId' | 'version' | 'code' | 'detail'>): boolean;
  /** Nothing keeps the plugin's newest version away any more. */
  end(pluginId: string): void;
  list(): Trouble[];
}

/** What passes by itself is fetched again this often before it is told. */
const PASSING_TIMES = 4;

/**
 * The troubles of this host, one a plugin, kept in memory: what lasts is met again after a restart. Each is told
 * once; what lies between the marketplace and the host, or at the marketplace, only when it was met several times in
 * a row, because it mostly passes before anybody could look.
 */
export function createTroubles(now: () => Date): Troubles {
  const known = new Map<string, { trouble: Trouble; told: Set<string> }>();
  return {
    meet(met) {
      if (!isWorthTelling(met.code)) return false;
      const before = known.get(met.pluginId);
      const same = before?.trouble.version === met.version ? before : undefined;
      const told = same?.told ?? new Set();
      const { since, times } = same?.trouble.code === met.code ? same.trouble : { since: now(), times: 0 };
      known.set(met.pluginId, { trouble: { ...met, since, times: times + 1 }, told });
      const isTime = findTrouble(met.code) === 'tenant' || times + 1 >= PASSING_TIMES;
      if (!isTime || told.has(met.code)) return false;
      told.add(met.code);
      return true;
    },
    end: (pluginId) => void known.delete(pluginId),
    list: () => [...known.values()].map(({ trouble }) => trouble),
  };
}
