import type { z } from 'zod';
import * as http from '../contracts/http';
import {
  feedPageSchema,
  reportReplySchema,
  rolloutStatusSchema,
  subscriptionSchema,
  type FeedPage,
  type Report,
} from '../contracts/installations/tenants';
import { unexpected } from './http/problems';
import { readJson, type Reply, type Transport } from './http/transport';

type Query<S extends z.ZodType> = Partial<z.output<S>>;

/** An answer of the feed; `etag` makes the next question cheap. */
export type FeedReply =
  | { changed: true; page: FeedPage; etag: string }
  | { changed: false; pollAfterSeconds: number; etag: string };

/** Where a package may be fetched from for a while, and what it must be. */
export interface DownloadGrant {
  url: string;
  sha256: string;
}

/** What a tenant's host asks and tells. */
export const tenant = (transport: Transport) => {
  const path = (rest: string): string => `${transport.options.tenantPrefix}${rest}`;
  return {
    /** Changes after revision `since`, or that there are none since the answer with `etag`. */
    async feed(query: Query<typeof http.feedQuerySchema> & { etag?: string }): Promise<FeedReply> {
      const { etag, ...rest } = query;
      const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag };
      return readFeed(await transport.open({ method: 'GET', path: path('/feed'), query: rest, headers }));
    },

    /**
     * A signed address of a version's package; the bytes are for the caller to fetch and verify.
     *
     * @throws Refusal NOT_IN_STAGE (with the seconds to wait), VERSION_WITHDRAWN or NOT_FOUND
     */
    async download(pluginId: string, version: string): Promise<DownloadGrant> {
      const [plugin, wanted] = [encodeURIComponent(pluginId), encodeURIComponent(version)];
      const target = path(`/plugins/${plugin}/versions/${wanted}/download`);
      const reply = await transport.open({ method: 'GET', path: target });
      await reply.body.dump();
      const { location, 'x-package-sha256': sha256 } = reply.headers;
      if (typeof location === 'string' && typeof sha256 === 'string') return { url: location, sha256 };
      throw unexpected(reply.origin, 'the answer names no address');
    },

    /** Delivers reports; each counts once however often it is sent. */
    report: (reports: Report[]) =>
      transport.json({ method: 'POST', path: path('/reports'), body: { reports } }, reportReplySchema),

    notifications: (query: Query<typeof http.pageQuerySchema> = {}) =>
      transport.json({ method: 'GET', path: path('/notifications'), query }, http.notificationPageSchema),

    subscriptions: () =>
      transport.json({ method: 'GET', path: path('/subscriptions') }, http.subscriptionListSchema),

    subscribe: (pluginId: string, body: z.input<typeof subscriptionSchema> = {}) =>
      transport.json(
        { method: 'PUT', path: path(`/subscriptions/${encodeURIComponent(pluginId)}`), body },
        subscriptionSchema,
      ),

    async unsubscribe(pluginId: string): Promise<void> {
      const target = path(`/subscriptions/${encodeURIComponent(pluginId)}`);
      await (await transport.open({ method: 'DELETE', path: target })).body.dump();
    },

    installations: () =>
      transport.json({ method: 'GET', path: path('/installations') }, http.installationListSchema),

    /** Whether the version is available to this tenant now, and if not, when that may change. */
    rollout: (versionId: string) =>
      transport.json(
        { method: 'GET', path: path(`/rollouts/${encodeURIComponent(versionId)}`) },
        rolloutStatusSchema,
      ),
  };
};

async function readFeed(reply: Reply): Promise<FeedReply> {
  const etag = typeof reply.headers.etag === 'string' ? reply.headers.etag : '';
  if (reply.status === 304) {
    await reply.body.dump();
    return { changed: false, etag, pollAfterSeconds: Number(reply.headers['x-poll-after-seconds'] ?? 60) };
  }
  return { changed: true, page: await readJson(reply, feedPageSchema), etag };
}
