import type { RequestHandler } from 'express';
import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** What the object server counts; each app has its own registry, so that tests do not share one. */
export interface ObjectsMetrics {
  registry: Registry;
  /** Counts and times each request by method and status. */
  observe: RequestHandler;
  /** Bytes that were stored for good. */
  stored(bytes: number): void;
}

export function objectsMetrics(): ObjectsMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'spillway_objects_request_seconds',
    help: 'Seconds to answer a request, by method and status',
    labelNames: ['method', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [registry],
  });
  const bytes = new Counter({
    name: 'spillway_objects_stored_bytes_total',
    help: 'Bytes of parts that were stored',
    registers: [registry],
  });
  return {
    registry,
    observe(request, response, next) {
      const end = requests.startTimer();
      response.once('close', () => end({ method: request.method, status: response.statusCode }));
      next();
    },
    stored: (count) => bytes.inc(count),
  };
}
