import { z } from 'zod';
import { count, lineText, recordOf, text } from '../../contracts/bounds';
import { limits } from '../../core/limits';
import { Refusal } from '../../core/errors/errors';
import { formatVersionId } from '../../core/ids';
import { feedEntrySchema, type FeedEntry } from '../../contracts/rollouts/feed';
import { knownPlugins, versionsOnDisk } from '../disk/activeVersion';
import { readIfPresent } from '../../platform/files/absence';
import { replaceFile } from '../../platform/files/durable';
import type { Layout } from '../disk/layout';
import type { Marketplace } from '../marketplace/marketplace';
import { mergeOffers, trimOffers, latestEntry, type Offers } from './offers';

/** Plugins that this host follows: their ids, or all. */
export type Subscriptions = 'all' | readonly string[];

const cursorSchema = z.object({
  revision: count,
  /** What the feed was filtered by; another selection must read it from the beginning. */
  selection: text(limits.releaseNotes),
  offers: recordOf(lineText, feedEntrySchema, 100_000),
});

/** Pages that are read before what they say is acted on: a feed without end must not keep a host from that. */
const MOST_PAGES = 200;

export interface FeedReader {
  /** Reads what is new, and returns how soon the marketplace wants to be asked again, in seconds. */
  poll(): Promise<number>;
  offers(): Offers;
  revision(): number;
  isWithdrawn(pluginId: string, version: string): boolean;
}

export interface FeedDeps {
  layout: Layout;
  marketplace: Pick<Marketplace, 'feed'>;
  subscriptions: Subscriptions;
  channel: string;
}

/**
 * Reads the marketplace's feed. The revision and what the feed said up to it are one file, replaced
 * as a whole: after a crash the host knows the same offers as before, so no entry is lost, and acting
 * on one twice changes nothing.
 */
export async function openFeed({
  layout,
  marketplace,
  subscriptions,
  channel,
}: FeedDeps): Promise<FeedReader> {
  const selection = `${channel} ${subscriptions === 'all' ? '*' : [...subscriptions].sort().join(' ')}`;
  const empty = { revision: 0, selection, offers: {} as Offers };
  const stored = cursorSchema.safeParse(JSON.parse((await readIfPresent(layout.cursor)) ?? 'null'));
  let state = stored.success && stored.data.selection === selection ? stored.data : empty;
  let etag: string | undefined;

  const isSelected = (entry: FeedEntry): boolean =>
    entry.channel === channel && (subscriptions === 'all' || subscriptions.includes(entry.pluginId));

  async function advance(entries: FeedEntry[], revision: number): Promise<void> {
    if (revision === state.revision && entries.length === 0) return;
    const merged = mergeOffers(state.offers, entries.filter(isSelected));
    const next = { ...state, revision, offers: trimOffers(merged, await installedIds(layout)) };
    await replaceFile(layout.cursor, JSON.stringify(next));
    state = next;
  }

  return {
    async poll() {
      for (let pages = 0; pages < MOST_PAGES; pages += 1) {
        const reply = await marketplace.feed(state.revision, etag).catch((error: unknown) => {
          // The marketplace was restored to an earlier state: its feed is read from the beginning.
          if (error instanceof Refusal && error.code === 'FEED_REVISION_UNKNOWN') state = empty;
          throw error;
        });
        etag = reply.etag || undefined;
        if (!reply.changed) return reply.pollAfterSeconds;
        const { entries, next, more, pollAfterSeconds } = reply.page;
        const hasAdvanced = next > state.revision;
        await advance(entries, next);
        if (!more || !hasAdvanced) return pollAfterSeconds;
      }
      return 0;
    },
    offers: () => state.offers,
    revision: () => state.revision,
    isWithdrawn: (pluginId, version) => latestEntry(state.offers, pluginId, version)?.kind === 'withdraw',
  };
}

async function installedIds(layout: Layout): Promise<Set<string>> {
  const ids = new Set<string>();
  for (const pluginId of await knownPlugins(layout)) {
    for (const version of await versionsOnDisk(layout.plugin(pluginId)))
      ids.add(formatVersionId(pluginId, version));
  }
  return ids;
}
