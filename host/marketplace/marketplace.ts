import { fillPath, tenantPaths } from '../../contracts/paths';
import { createClock, type Clock } from './clock';
import { createClient } from '../../sdk/client';
import { readPages } from '../../sdk/http/answers';
import type { FeedReply } from '../../sdk/rollouts/rollouts';
import type { PublisherKeys } from '../../contracts/identity/keys';
import type { Report } from '../../contracts/installations/reports';
import type { Subscription } from '../../contracts/notifications/subscriptions';

export type PublisherKey = PublisherKeys['keys'][number];

/** What a host asks of the marketplace. Every method throws a Refusal; UNAVAILABLE when it is unreachable. */
export interface Marketplace {
  feed(since: number, etag?: string): Promise<FeedReply>;
  report(reports: Report[]): Promise<void>;
  subscribe(pluginId: string, subscription: Subscription): Promise<void>;
  publisherKeys(publisherId: string): Promise<PublisherKey[]>;
  /** Ids of all plugins that are listed. */
  listedPlugins(): Promise<string[]>;
  /** The address of a version's package, which needs the tenant's token. */
  downloadUrl(pluginId: string, version: string): string;
  /** This machine's clock, by the times of the marketplace's answers. */
  clock: Clock;
}

export interface MarketplaceOptions {
  apiUrl: string;
  token: string;
  tenantPrefix: string;
}

/** The marketplace over HTTP. The loops around it repeat for ever, so a request retries only twice. */
export function connectMarketplace({ apiUrl, token, tenantPrefix }: MarketplaceOptions): Marketplace {
  const baseUrl = apiUrl.replace(/\/+$/, '');
  const clock = createClock();
  const client = createClient({
    ...{ baseUrl, token, tenantPrefix, retries: 2, userAgent: 'spillway-host' },
    onAnswer: clock.observe,
  });
  return {
    clock,
    feed: (since, etag) =>
      client.rollouts.readFeed({ since, limit: 500, ...(etag === undefined ? {} : { etag }) }),
    report: async (reports) => void (await client.installations.report(reports)),
    subscribe: async (pluginId, subscription) =>
      void (await client.subscriptions.subscribe(pluginId, subscription)),
    publisherKeys: async (publisherId) => (await client.keys.listByPublisher(publisherId)).keys,
    async listedPlugins() {
      const ids = new Set<string>();
      const readPage = (cursor: string | undefined) =>
        client.catalogue.list({ limit: 200, ...(cursor ? { cursor } : {}) });
      for await (const page of readPages(readPage))
        for (const { pluginId } of page.plugins) ids.add(pluginId);
      return [...ids];
    },
    downloadUrl: (pluginId, version) =>
      `${baseUrl}${tenantPrefix}${fillPath(tenantPaths.download, { pluginId, version })}`,
  };
}
