import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { refusal } from '../core/errors/errors';
import { recordDenial } from '../adapters/db/identity/denials';
import { findSubject } from '../adapters/db/identity/tokens';
import { catalogueRoutes } from './catalogue/routes';
import { distributionRoutes } from './distribution/routes';
import { createAddressLimit } from './http/addressLimit';
import type { AppDependencies, RouteDependencies } from './http/dependencies';
import { mountDocs } from './http/docs';
import { createEngine } from './http/engine';
import { toRefusal } from './http/faults';
import { mountHealth } from './http/health';
import { apiMetrics } from './http/metrics';
import { mountRoutes } from './http/mount';
import { createRateLimits } from './http/rateLimit';
import { sendProblem } from './http/problems';
import { requestLog } from './http/requestLog';
import type { Route } from './http/route';
import { mountWeb } from './http/web';
import { identityRoutes } from './identity/routes';
import { installationRoutes } from './installations/routes';
import { notificationRoutes } from './notifications/routes';
import { operationsRoutes } from './operations/routes';
import { releaseRoutes } from './releases/routes';
import { reviewRoutes } from './reviews/routes';
import { createDistrust } from './rollouts/distrust';
import { rolloutRoutes } from './rollouts/routes';

/** The whole HTTP surface; it does not listen, so a test may ask it without a port of its own. */
export function createApp(dependencies: AppDependencies): Express {
  const { settings, logger, db, now } = dependencies;
  const deps = completeDependencies(dependencies);
  const routes = listRoutes(deps);
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('trust proxy', settings.trustedProxies);
  app.use(collapseSlashes, requestLog(logger), deps.metrics.observe, headers());
  mountHealth(app, deps);
  const addresses = createAddressLimit(settings.anonymousPerMinute, now);
  mountRoutes(app, routes, {
    ...deps,
    addresses,
    findSubject: (token) => findSubject(db, token, now()),
    onDenied: (denied) => recordDenial(db, denied, now()),
  });
  mountDocs(app, routes);
  mountWeb(app, settings.webDir);
  app.use(() => {
    throw refusal('ROUTE_NOT_FOUND', 'The API has no such endpoint.');
  });
  app.use(answerProblem);
  return app;
}

const completeDependencies = (dependencies: AppDependencies): RouteDependencies => ({
  ...dependencies,
  metrics: apiMetrics(),
  rateLimits: createRateLimits(dependencies.db, dependencies.settings),
  engine: createEngine(dependencies.temporal, {
    timeoutMs: dependencies.settings.workflowTimeoutMs,
    now: dependencies.now,
  }),
});

/** Every route of every domain: the list that is served, documented and tested. */
export const listRoutes = (deps: RouteDependencies): Route[] => [
  ...identityRoutes(deps, createDistrust(deps)),
  ...notificationRoutes(deps),
  ...releaseRoutes(deps),
  ...reviewRoutes(deps),
  ...rolloutRoutes(deps),
  ...installationRoutes(deps),
  ...catalogueRoutes(deps),
  ...distributionRoutes(deps),
  ...operationsRoutes(deps),
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
