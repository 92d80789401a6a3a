import express, { Router, type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { pluginIdSchema } from '../../contracts/plugin';
import { createHealthHandler } from '../../platform/server/health';
import type { Host } from '../host';
import { toContainmentView } from '../sandbox/describe';
import { authorise } from './authorise';
import { installByUrl, installVersion, rollBack } from './jobs';
import { answerProblems, noSuchRoute } from './problems';
import { readinessChecks } from './readiness';
import { chooseVersionSchema, installByUrlSchema, jobQuerySchema, parse } from './requests';
import { listInstalled, toJobView, toLogView, toTroubleView } from './views';

/** The host's HTTP server: health without a token, administration with the admin token. */
export function createAdminApp(host: Host, log: Logger, now: () => Date): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use(helmet(), collapseSlashes);
  app.use(createHealthHandler(host.metrics.registry, readinessChecks(host, now)));
  const administration = adminRoutes(host, now);
  const { prefix, token } = host.config.admin;
  // A proxy may drop the prefix (C16): `//admin/…` is the same address.
  for (const base of new Set([`${prefix}/admin`, '/admin'])) {
    app.use(base, authorise(token), express.json({ limit: '64kb', type: () => true }), administration);
  }
  app.use(noSuchRoute, answerProblems(log));
  return app;
}

const collapseSlashes: RequestHandler = (request, _response, next) => {
  const [path = '', ...query] = request.url.split('?');
  request.url = [path.replace(/\/{2,}/g, '/'), ...query].join('?');
  next();
};

function adminRoutes(host: Host, now: () => Date): Router {
  const router = Router();
  const accepted = (installJobId: string) => ({ installJobId, status: 'pending' as const });
  const pluginIn = (value: unknown) => parse(pluginIdSchema, value, 'PARAMETER_INVALID');
  const jobIn = (query: unknown) => parse(jobQuerySchema, query, 'PARAMETER_INVALID').jobId;

  router.get('/plugins', async (_request, response) => {
    response.json({ plugins: await listInstalled(host.layout) });
  });
  router.get('/troubles', (_request, response) => {
    response.json({ troubles: host.troubles().map(toTroubleView) });
  });
  router.get('/sandbox', (_request, response) => {
    response.json(toContainmentView(host.containment));
  });
  router.post('/plugins/install/url', async (request, response) => {
    const jobId = await installByUrl(host, parse(installByUrlSchema, request.body), now());
    response.status(202).json(accepted(jobId));
  });
  router.get('/plugins/install/status', async (request, response) => {
    response.json(toJobView(await host.jobs.progress(jobIn(request.query))));
  });
  router.get('/plugins/install/logs', async (request, response) => {
    const jobId = jobIn(request.query);
    response.json({ installJobId: jobId, lines: toLogView(await host.jobs.lines(jobId)) });
  });
  router.post('/plugins/:pluginId/install', async (request, response) => {
    const pluginId = pluginIn(request.params.pluginId);
    const jobId = await installVersion(host, pluginId, parse(chooseVersionSchema, request.body), now());
    response.status(202).json(accepted(jobId));
  });
  router.post('/plugins/:pluginId/rollback', async (request, response) => {
    const jobId = await rollBack(host, pluginIn(request.params.pluginId), now());
    response.status(202).json(accepted(jobId));
  });
  return router;
}
