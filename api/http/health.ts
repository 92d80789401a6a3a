import type { Express } from 'express';
import { HEALTH_PATHS, createHealthHandler } from '../../platform/server/health';
import { CHECK_TIMEOUT_MS } from '../../platform/server/readiness';
import type { RouteDependencies } from './dependencies';
import { routed } from './requestLog';

/** `/healthz`: the process is up. `/readyz`: what it needs answers too. `/metrics` for Prometheus. */
export function mountHealth(app: Express, deps: RouteDependencies): void {
  const { db, engine, objects, metrics } = deps;
  const answer = createHealthHandler(metrics.registry, {
    // A table rather than `select 1`: a database without the migrations is not ready.
    postgres: () => db('feed_head').first('revision'),
    temporal: () => engine.ping(CHECK_TIMEOUT_MS),
    objects: () => objects.health(),
  });
  app.use((request, response, next) => {
    if (HEALTH_PATHS.has(request.path)) routed(response, request.path);
    answer(request, response, next);
  });
}
