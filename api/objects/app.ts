import express, { type Express } from 'express';
import { createHealthHandler } from '../../platform/server/health';
import type { Logger } from 'pino';
import { OBJECTS_PATH } from '../../adapters/objects/filesystem/signedUrls';
import type { FilesystemStore } from '../../adapters/objects/filesystem/store';
import { refusal } from '../../core/errors/errors';
import { answerProblem } from '../http/problems';
import { requestLog } from '../http/requestLog';
import { setSafeHeaders } from './answers';
import { objectsMetrics } from './metrics';
import { getObject, putObject, type ObjectRoutes } from './objects';

export interface ObjectsAppOptions {
  objects: FilesystemStore;
  /** The secret that URLs are signed with. */
  secret: string;
  now: () => Date;
  logger: Logger;
}

/**
 * The HTTP server of the filesystem driver: what a bucket's own server does for the other driver.
 * It knows signed URLs and bytes, nothing of plugins; any number of them may serve one folder.
 */
export function createObjectsApp({ objects, secret, now, logger }: ObjectsAppOptions): Express {
  const metrics = objectsMetrics();
  const routes: ObjectRoutes = { objects, secret, now, stored: metrics.stored };
  const app = express();
  app.disable('x-powered-by');
  app.use(requestLog(logger), metrics.observe);
  app.use((_request, response, next) => {
    setSafeHeaders(response);
    next();
  });
  app.use(createHealthHandler(metrics.registry, { folder: () => objects.health() }));
  app
    .route(`${OBJECTS_PATH}/*key`)
    .put(putObject(routes))
    .get(getObject(routes))
    .all((_request, response) => {
      response.set('Allow', 'GET, HEAD, PUT');
      throw refusal('METHOD_NOT_ALLOWED', 'Objects support GET, HEAD and PUT.');
    });
  app.use(() => {
    throw refusal('ROUTE_NOT_FOUND', 'The object store only serves objects behind signed URLs.');
  });
  app.use(answerProblem);
  return app;
}
