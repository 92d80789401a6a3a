import type { Logger } from 'pino';
import { formatVersionId } from '../../core/ids';
import type { FeedEntry } from '../../contracts/rollouts/feed';
import { knownPlugins } from '../disk/activeVersion';
import type { Layout } from '../disk/layout';
import { listKeptBack, toOffers, type TenantName } from '../trust/entries';
import type { Trust } from '../trust/trust';
import type { FeedReader, Subscriptions } from './feed';

/** How soon a host looks again while the feed tells of something that is not signed yet, in seconds. */
const SIGNING_SECONDS = 1;

export interface TrustedFeedDeps {
  feed: FeedReader;
  trust: Trust;
  layout: Layout;
  subscriptions: Subscriptions;
  channel: string;
  tenant: TenantName;
  log: Logger;
}

/**
 * The feed as a hint and nothing more: what is offered or withdrawn is what is signed. The feed makes a host
 * look soon, and may offer it less than is signed; when it is silent, signed statements are read all the same.
 */
export function trustFeed(deps: TrustedFeedDeps): FeedReader {
  const { feed, trust, tenant, log } = deps;
  let keptBack = '';

  function reportKeptBack(): void {
    const found = listKeptBack(trust.releases(), feed.offers(), tenant).sort().join(' ');
    if (found !== '' && found !== keptBack)
      log.warn(
        { versions: found.split(' ') },
        'the marketplace keeps back versions that are signed for this tenant',
      );
    keptBack = found;
  }

  const offers = (): Record<string, FeedEntry> => {
    const all = toOffers(trust.releases(), feed.offers(), tenant, trust.isFresh());
    return Object.fromEntries(Object.entries(all).filter(([, entry]) => entry.channel === deps.channel));
  };

  return {
    async poll() {
      const polled = await feed.poll().then(
        (seconds) => ({ seconds }),
        (error: unknown) => ({ error }),
      );
      await trust.refresh(await wantedPlugins(deps));
      reportKeptBack();
      if ('error' in polled) throw polled.error;
      return isSigningBehind(feed.offers(), trust)
        ? Math.min(polled.seconds, SIGNING_SECONDS)
        : polled.seconds;
    },
    offers,
    told: feed.offers,
    revision: feed.revision,
    isWithdrawn: (pluginId, version) => offers()[formatVersionId(pluginId, version)]?.kind === 'withdraw',
  };
}

/** What is subscribed to, and what is installed: a withdrawal concerns both. */
async function wantedPlugins({ layout, subscriptions }: TrustedFeedDeps): Promise<'all' | string[]> {
  if (subscriptions === 'all') return 'all';
  return [...new Set([...subscriptions, ...(await knownPlugins(layout))])];
}

/** Whether the feed tells of a change that what is signed does not know yet. */
function isSigningBehind(told: Readonly<Record<string, FeedEntry>>, trust: Trust): boolean {
  const signed = trust.releases();
  return Object.values(told).some(({ pluginId, version, revision }) => {
    const found = signed[pluginId]?.versions.find((each) => each.version === version);
    return (found?.revision ?? 0) < revision;
  });
}
