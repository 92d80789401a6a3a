import { fillPath, paths, tenantPaths } from '../../contracts/paths';
import { rolloutActionReplySchema } from '../../contracts/rollouts/control';
import { feedPageSchema, type FeedPage, type feedQuerySchema } from '../../contracts/rollouts/feed';
import { rolloutStatusSchema } from '../../contracts/rollouts/status';
import { dropAnswer } from '../http/answers';
import { readJson, type Query, type Reply, type Transport } from '../http/transport';

/** An answer of the feed; `etag` makes the next question cheap. */
export type FeedReply =
  | { changed: true; page: FeedPage; etag: string }
  | { changed: false; pollAfterSeconds: number; etag: string };

/** Controls rollouts as an operator, and reads them as a tenant. */
export const rolloutsClient = (transport: Transport) => {
  const control = (path: string) =>
    transport.json({ method: 'POST', path, body: {} }, rolloutActionReplySchema);
  return {
    pause: (versionId: string) => control(fillPath(paths.pauseRollout, { versionId })),
    resume: (versionId: string) => control(fillPath(paths.resumeRollout, { versionId })),
    abort: (versionId: string) => control(fillPath(paths.abortRollout, { versionId })),

    /** Changes after revision `since`, or that there are none since the answer with `etag`. */
    async readFeed(query: Query<typeof feedQuerySchema> & { etag?: string }): Promise<FeedReply> {
      const { etag, ...rest } = query;
      const headers: Record<string, string> = etag === undefined ? {} : { 'if-none-match': etag };
      const path = transport.tenantPath(tenantPaths.feed);
      return toFeedReply(await transport.open({ method: 'GET', path, query: rest, headers }));
    },

    /** Whether the version is available to this tenant now, and if not, when that may change. */
    readStatus: (versionId: string) =>
      transport.json(
        { method: 'GET', path: transport.tenantPath(fillPath(tenantPaths.rollout, { versionId })) },
        rolloutStatusSchema,
      ),
  };
};

async function toFeedReply(reply: Reply): Promise<FeedReply> {
  const etag = typeof reply.headers.etag === 'string' ? reply.headers.etag : '';
  if (reply.status === 304) {
    await dropAnswer(reply.body);
    return { changed: false, etag, pollAfterSeconds: Number(reply.headers['x-poll-after-seconds'] ?? 60) };
  }
  return { changed: true, page: await readJson(reply, feedPageSchema), etag };
}
