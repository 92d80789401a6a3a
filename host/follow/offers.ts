import { isOffered } from '../../core/rollouts/cohort';
import { compareVersions, isNewer } from '../../core/version';
import type { FeedEntry } from '../../contracts/rollouts/feed';

/** The latest entry of the feed for each version, by version id. */
export type Offers = Readonly<Record<string, FeedEntry>>;

/** What a host has installed of one plugin, and what it will not install by itself. */
export interface InstalledState {
  active: string | null;
  /** Versions that failed here; they are not installed again automatically. */
  failed: readonly string[];
  /** A person declined versions up to this one; nothing up to it is installed automatically. */
  hold: string | null;
}

export type Decision =
  | { kind: 'none' }
  | { kind: 'install'; entry: FeedEntry }
  /** Leave the active version, which was withdrawn, for what was there before it. */
  | { kind: 'return'; entry: FeedEntry };

/** Adds entries of the feed, in any order and any number of times: the highest revision counts. */
export function mergeOffers(known: Offers, entries: readonly FeedEntry[]): Offers {
  const merged: Record<string, FeedEntry> = { ...known };
  for (const entry of entries) {
    const before = merged[entry.versionId];
    if (!before || before.revision < entry.revision) merged[entry.versionId] = entry;
  }
  return merged;
}

/** The latest feed entry for a version of a plugin, if there is one. */
export const latestEntry = (offers: Offers, pluginId: string, version: string): FeedEntry | undefined =>
  Object.values(offers).find((entry) => entry.pluginId === pluginId && entry.version === version);

/** Versions of a plugin that the tenant may have now, newest first. */
export function offeredVersions(offers: Offers, pluginId: string, tenantId: string): FeedEntry[] {
  return Object.values(offers)
    .filter(
      (entry) => entry.pluginId === pluginId && entry.kind === 'offer' && isOffered(entry.rule, tenantId),
    )
    .sort((a, b) => compareVersions(b.version, a.version));
}

/**
 * What to do about one plugin (RLO-12, RLO-15). A withdrawn version never stays active; otherwise the
 * newest version that is offered, did not fail here and was not declined is installed when it is newer.
 */
export function decide(
  offers: Offers,
  pluginId: string,
  tenantId: string,
  installed: InstalledState,
): Decision {
  const { active, failed, hold } = installed;
  const current = active === null ? undefined : latestEntry(offers, pluginId, active);
  if (current?.kind === 'withdraw') return { kind: 'return', entry: current };
  const entry = offeredVersions(offers, pluginId, tenantId).find(
    ({ version }) => !failed.includes(version) && (hold === null || isNewer(version, hold)),
  );
  if (!entry || (active !== null && !isNewer(entry.version, active))) return { kind: 'none' };
  return { kind: 'install', entry };
}

/** Offers worth keeping: all of versions that are on disk, and of each plugin the newest few. */
export function trimOffers(offers: Offers, onDisk: ReadonlySet<string>, perPlugin = 20): Offers {
  const seen = new Map<string, number>();
  const newestFirst = Object.entries(offers).sort(([, a], [, b]) => compareVersions(b.version, a.version));
  return Object.fromEntries(
    newestFirst.filter(([versionId, { pluginId }]) => {
      const count = (seen.get(pluginId) ?? 0) + 1;
      seen.set(pluginId, count);
      return count <= perPlugin || onDisk.has(versionId);
    }),
  );
}
