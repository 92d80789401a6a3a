import type { PublisherKeys } from '../contracts/http';
import type { FeedPage, Report, Subscription } from '../contracts/tenants';

export type PublisherKey = PublisherKeys['keys'][number];

/** What a host asks of the marketplace. Every method throws a Refusal; UNAVAILABLE when nobody answers. */
export interface Marketplace {
  feed(since: number, signal?: AbortSignal): Promise<FeedPage>;
  report(reports: Report[]): Promise<void>;
  subscribe(pluginId: string, subscription: Subscription): Promise<void>;
  publisherKeys(publisherId: string): Promise<PublisherKey[]>;
  /** Ids of all plugins that are listed. */
  listedPlugins(): Promise<string[]>;
  /** Where a version's package is asked for, with the tenant's token. */
  downloadUrl(pluginId: string, version: string): string;
}
