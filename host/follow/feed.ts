import { Refusal } from '../../core/errors/errors';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import type { Layout } from '../disk/layout';
import type { Marketplace } from '../marketplace/marketplace';
import { openCursor, type Cursor } from './cursor';
import { latestEntry, mergeOffers, type Offers } from './offers';
import { createTimer } from './timer';

/** Plugins that this host follows: their ids, or all. */
export type Subscriptions = 'all' | readonly string[];

/** Pages that are read before what they say is acted on: a feed without end must not keep a host from that. */
const MOST_PAGES = 200;

/**
 * How often the whole feed is read again. A marketplace that was restored from a backup may have given numbers anew
 * that this host has passed already; nothing else would tell.
 */
const REREAD_MS = 6 * 3600_000;

export interface FeedReader {
  /** Reads what is new, and returns how soon the marketplace wants to be asked again, in seconds. */
  poll(): Promise<number>;
  /** What is known now, on disk or not yet. */
  offers(): Offers;
  /** What the marketplace tells, whether or not it is signed: what might be offered, for this host to speak of. */
  told(): Offers;
  /** The revision up to which everything is on disk. */
  revision(): number;
  isWithdrawn(pluginId: string, version: string): boolean;
}

export interface FeedDeps {
  layout: Layout;
  marketplace: Pick<Marketplace, 'feed'>;
  subscriptions: Subscriptions;
  channel: string;
  /** After how many seconds the feed is asked without the tag of its last answer, whatever that said. */
  reconcileSeconds: number;
  /** Milliseconds that never go back. */
  clock: () => number;
  random: () => number;
}

/**
 * Reads the marketplace's feed. Nothing is acknowledged before it is on disk: what could not be written is acted on
 * all the same, and asked for again. Acting on an entry twice changes nothing.
 */
export async function openFeed(deps: FeedDeps): Promise<FeedReader> {
  const { reconcileSeconds, clock, random } = deps;
  const cursor = await openCursor(deps.layout, describeSelection(deps));
  const check = createTimer(reconcileSeconds * 1000, clock, random);
  const reread = createTimer(REREAD_MS, clock, random);
  let etag: string | undefined;

  /** Reads what is new, a page at a time. */
  async function readOn(): Promise<number> {
    for (let pages = 0; pages < MOST_PAGES; pages += 1) {
      const reply = await deps.marketplace.feed(cursor.revision(), etag);
      if (!reply.changed) return reply.pollAfterSeconds;
      const { entries, next, more, pollAfterSeconds } = reply.page;
      const hasAdvanced = next > cursor.revision();
      await cursor.advance(select(deps, entries), next);
      etag = reply.etag || undefined;
      if (!more || !hasAdvanced) return pollAfterSeconds;
    }
    return 0;
  }

  return {
    async poll() {
      try {
        if (reread.isDue()) {
          // One that fails is tried again sooner, and not at each look.
          reread.restart(reconcileSeconds * 1000);
          await readAgain(deps, cursor);
          reread.restart();
        }
        if (!check.isDue()) return await readOn();
        etag = undefined;
        const seconds = await readOn();
        check.restart();
        return seconds;
      } catch (error) {
        // The marketplace was restored to an earlier state: its feed is read from the beginning.
        if (error instanceof Refusal && error.code === 'FEED_REVISION_UNKNOWN') cursor.forget();
        throw error;
      }
    },
    offers: cursor.known,
    told: cursor.known,
    revision: cursor.revision,
    isWithdrawn: (pluginId, version) => latestEntry(cursor.known(), pluginId, version)?.kind === 'withdraw',
  };
}

/** Reads everything from the beginning, and knows only that afterwards. */
async function readAgain(deps: FeedDeps, cursor: Cursor): Promise<void> {
  let offers: Offers = {};
  let revision = 0;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const reply = await deps.marketplace.feed(revision);
    if (!reply.changed) return;
    const { entries, next, more } = reply.page;
    const hasAdvanced = next > revision;
    offers = mergeOffers(offers, select(deps, entries));
    revision = next;
    if (!more || !hasAdvanced) return await cursor.replace(offers, revision);
  }
}

const describeSelection = ({ channel, subscriptions }: FeedDeps): string =>
  `${channel} ${subscriptions === 'all' ? '*' : [...subscriptions].sort().join(' ')}`;

const select = ({ channel, subscriptions }: FeedDeps, entries: readonly FeedEntry[]): FeedEntry[] =>
  entries.filter(
    (entry) =>
      entry.channel === channel && (subscriptions === 'all' || subscriptions.includes(entry.pluginId)),
  );
