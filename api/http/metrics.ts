import type { RequestHandler } from 'express';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the API counts; each app has its own registry, so that apps side by side share none. */
export interface ApiMetrics {
  registry: Registry;
  /** Times each request by method, route template and status. */
  observe: RequestHandler;
  /** Publish calls by outcome: `accepted`, or the code of the refusal. */
  published: Counter<'outcome'>;
  liveTimelines: Gauge;
}

export function apiMetrics(): ApiMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seconds = new Histogram({
    name: 'spillway_api_request_seconds',
    help: 'Seconds to answer a request, by method, route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    observe(request, response, next) {
      const end = seconds.startTimer();
      response.once('finish', () => {
        const route = String(response.locals.route ?? 'none');
        end({ method: request.method, route, status: response.statusCode });
      });
      next();
    },
    published: new Counter({
      name: 'spillway_publish_total',
      help: 'Publish calls by outcome',
      labelNames: ['outcome'],
      registers: [registry],
    }),
    liveTimelines: new Gauge({
      name: 'spillway_live_timelines',
      help: 'Timelines that are being followed now',
      registers: [registry],
    }),
  };
}
