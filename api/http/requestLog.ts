import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { HEALTH_PATHS } from '../../platform/server/health';

/** Ids from outside end up in logs and audit rows, so only plain ones are taken over. */
const SANE_ID = /^[A-Za-z0-9._:-]{8,128}$/;

/**
 * Assigns each request its id (in `X-Request-Id`, ours or the caller's) and writes one JSON line when it
 * is answered. Neither headers nor the query are logged: they hold tokens and signatures.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    quietReqLogger: true,
    customAttributeKeys: { responseTime: 'elapsedMs', reqId: 'requestId' },
    // They are asked every few seconds and tell nothing.
    autoLogging: { ignore: (request) => HEALTH_PATHS.has(getPath(request)) },
    genReqId: identify,
    customLogLevel: (_request, response, error) => {
      if (error || response.statusCode >= 500) return 'error';
      return response.statusCode >= 400 ? 'warn' : 'info';
    },
    serializers: {
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: request.url.split('?')[0],
      }),
      res: (response: { statusCode: number }) => ({ status: response.statusCode }),
    },
  });
}

const getPath = (request: IncomingMessage): string => (request.url ?? '').split('?')[0] ?? '';

function identify(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SANE_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

/** Remembers the route's template, by which requests are counted: an id in a label would be one series each. */
export function routed(response: Response, path: string): void {
  response.locals.route = path;
}
