import {
  timelineEventSchema,
  timelineQuerySchema,
  timelinePageSchema,
} from '../../contracts/releases/timeline';
import { paths } from '../../contracts/paths';
import { formatActor } from '../../core/access';
import { refusal } from '../../core/errors/errors';
import { limits } from '../../core/limits';
import type { RouteDependencies } from '../http/dependencies';
import { byPublishId } from '../http/parameters';
import { findVisibleRelease } from './access';
import { reply, route, type Route } from '../http/route';
import { followTimeline } from './timeline/follow';
import { readTimelinePage } from './timeline/page';
import { createPlaces, type Places } from './timeline/places';

/** The timeline of a release: live as server-sent events, or as a page of JSON. */
export const timelineRoutes = (deps: RouteDependencies): Route[] => [
  timelineRoute(deps, createPlaces(limits.liveTimelines)),
];

const timelineRoute = (deps: RouteDependencies, places: Places): Route =>
  route({
    method: 'get',
    path: paths.releaseEvents,
    access: 'release:read',
    summary:
      'The timeline, live: events `timeline` (with the entry’s number as id), `state` and `end`. ' +
      'Continues after Last-Event-ID or ?after=. With Accept: application/json one page of it.',
    params: byPublishId,
    query: timelineQuerySchema,
    replies: {
      200: {
        description: `A stream of events whose data follow ${Object.keys(timelineEventSchema.shape).join(', ')}; or a page`,
        schema: timelinePageSchema,
        contentType: 'text/event-stream',
      },
    },
    refusals: ['RELEASE_NOT_FOUND', 'RATE_LIMITED'],
    async handle({ params, query, subject, request, response }) {
      const { releaseId } = await findVisibleRelease(deps, subject, params.publishId);
      const after = lastSeen(request.headers['last-event-id']) ?? query.after;
      if (request.accepts(['text/event-stream', 'application/json']) === 'application/json') {
        return reply(200, await readTimelinePage(deps.db, releaseId, after));
      }
      const leave = places.take(formatActor(subject));
      return followTimeline(deps, response, { releaseId, after }).finally(leave);
    },
  });

function lastSeen(header: string | string[] | undefined): number | undefined {
  if (header === undefined || header === '') return undefined;
  const seq = Number(header);
  if (Number.isSafeInteger(seq) && seq >= 0) return seq;
  throw refusal(
    'PARAMETER_INVALID',
    'Last-Event-ID is not the number of a timeline entry.',
    '/header/last-event-id',
  );
}
