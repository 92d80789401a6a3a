import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { refusal } from '../core/errors/errors';
import type { AppDependencies, RouteDependencies } from './http/dependencies';
import { mountDocs } from './http/docs';
import { everyonesRoutes } from './identity/everyone';
import { toRefusal } from './http/faults';
import { mountHealth } from './http/health';
import { apiMetrics } from './http/metrics';
import { mountRoutes } from './http/mount';
import { operatorRoutes } from './operations/operator';
import { sendProblem } from './http/problems';
import { publisherRoutes } from './releases/publisher';
import { createPublishLimit } from './releases/publishLimit';
import { releaseWorkflows } from './releases/workflows';
import { requestLog } from './http/requestLog';
import { reviewerRoutes } from './reviews/reviewer';
import type { Route } from './http/route';
import { tenantRoutes } from './installations/tenant';
import { timelineRoutes } from './releases/timelines';
import { mountWeb } from './http/web';

/** The whole HTTP surface; it does not listen, so a test may ask it without a port of its own. */
export function createApp(dependencies: AppDependencies): Express {
  const { settings, logger } = dependencies;
  const at = withParts(dependencies);
  const routes = routesOf(at);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(collapseSlashes, requestLog(logger), at.metrics.observe, headers());
  mountHealth(app, at);
  mountRoutes(app, routes, at);
  mountDocs(app, routes);
  mountWeb(app, settings.webDir);
  app.use(() => {
    throw refusal('ROUTE_NOT_FOUND', 'The API has no such endpoint.');
  });
  app.use(answerProblem);
  return app;
}

const withParts = (dependencies: AppDependencies): RouteDependencies => ({
  ...dependencies,
  metrics: apiMetrics(),
  publishLimit: createPublishLimit(dependencies.db, dependencies.settings.publishPerMinute),
  workflows: releaseWorkflows(dependencies.temporal, {
    timeoutMs: dependencies.settings.workflowTimeoutMs,
    now: dependencies.now,
  }),
});

/** Every route of every audience: the list that is served, documented and tested. */
export const routesOf = (at: RouteDependencies): Route[] => [
  ...everyonesRoutes(at),
  ...publisherRoutes(at),
  ...timelineRoutes(at),
  ...reviewerRoutes(at),
  ...operatorRoutes(at),
  ...tenantRoutes(at),
];

/** `//admin/…` means `/admin/…`: a prefix that somebody left empty is no other address (C16). */
const collapseSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  request.url = [path.replaceAll(/\/{2,}/g, '/'), ...query].join('?');
  next();
};

/** Nothing is loaded from elsewhere and no script runs inside a page, the documentation included. */
const headers = (): RequestHandler =>
  helmet({
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Swagger UI sets style attributes; they can run nothing.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        // The embedded stack speaks plain HTTP on loopback; TLS is the proxy's in front of others.
        upgradeInsecureRequests: null,
      },
    },
    strictTransportSecurity: false,
  });

const answerProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  const refused = toRefusal(error);
  if (refused.code === 'TOKEN_MISSING' || refused.code === 'TOKEN_INVALID')
    response.set('WWW-Authenticate', 'Bearer');
  const { retryAfterSeconds } = (refused.cause ?? {}) as { retryAfterSeconds?: number };
  if (retryAfterSeconds !== undefined) response.set('Retry-After', String(retryAfterSeconds));
  // What failed goes to the log; what is told is the refusal alone.
  sendProblem(response, refused.code === 'INTERNAL' ? error : refused, String(request.id));
};
