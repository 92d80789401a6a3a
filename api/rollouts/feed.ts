import { createHash } from 'node:crypto';
import { readFeed, readFeedHead } from '../../adapters/db/rollouts/feedPages';
import { feedPageSchema, feedQuerySchema } from '../../contracts/rollouts/feed';
import { tenantPaths } from '../../contracts/paths';
import { refusal } from '../../core/errors/errors';
import type { RouteDependencies } from '../http/dependencies';
import { documented, reply, route, type Route } from '../http/route';

/**
 * One feed for everything that changes for tenants. Most questions are answered from its head alone:
 * the ETag is made of the newest revision, so nothing else is read to say "unchanged".
 */
export const feedRoute = (deps: RouteDependencies): Route =>
  route({
    method: 'get',
    path: `${deps.settings.tenantPrefix}${tenantPaths.feed}`,
    access: 'tenant',
    summary: 'Offers and withdrawals after a revision, in order.',
    query: feedQuerySchema,
    replies: {
      200: documented('A page of changes', feedPageSchema),
      304: documented('Nothing has changed since the answer with that ETag'),
    },
    refusals: ['FEED_REVISION_UNKNOWN'],
    async handle({ query: { since, limit }, subject, request }) {
      const { revision, busy } = await readFeedHead(deps.db);
      if (since > revision) {
        throw refusal(
          'FEED_REVISION_UNKNOWN',
          `The feed is at revision ${revision} and has not reached ${since}.`,
          '/query/since',
        );
      }
      const { idle, active } = deps.settings.pollSeconds;
      const pollAfterSeconds = busy ? active : idle;
      const headers = {
        ETag: makeEtag([subject.id, revision, since, limit, pollAfterSeconds]),
        'Cache-Control': 'private, no-cache',
        'X-Poll-After-Seconds': String(pollAfterSeconds),
      };
      if (matches(request.headers['if-none-match'], headers.ETag)) return reply(304, undefined, headers);
      const entries = await readFeed(deps.db, subject.id, { since, limit });
      const next = entries.at(-1)?.revision ?? since;
      // Newer entries may have come since the head was read; they are in the page or in the next one.
      return reply(200, { entries, next, more: entries.length === limit, pollAfterSeconds }, headers);
    },
  });

/** Strong, and of one tenant: rules are shown as they concern who asks. */
const makeEtag = (parts: readonly (string | number)[]): string =>
  `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 27)}"`;

const matches = (header: string | undefined, etag: string): boolean =>
  header !== undefined && header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
