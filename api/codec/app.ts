import type { RequestHandler } from 'express';
import express, { type Express } from 'express';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { Logger } from 'pino';
import { createPayloadCodec, type PayloadCodec } from '../../adapters/temporal/codec';
import { isLoopbackAddress } from '../../adapters/temporal/loopback';
import { refusal } from '../../core/errors/errors';
import { createHealthHandler } from '../../platform/server/health';
import { answerProblem } from '../http/problems';
import { requestLog } from '../http/requestLog';
import type { CodecConfig } from './config';
import { parsePayloads, showPayload } from './payloads';

/** A page of Temporal's UI asks for the payloads of at most one page of a history. */
const BODY_LIMIT = '8mb';

/**
 * The codec endpoint of Temporal's UI and command line: `POST /decode` opens encrypted payloads for whoever reads a
 * workflow on this machine. It does not encrypt, because nobody should send our workflows messages by hand.
 */
export function createCodecApp(
  { keys, uiOrigin }: Pick<CodecConfig, 'keys' | 'uiOrigin'>,
  logger: Logger,
): Express {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const app = express();
  app.disable('x-powered-by');
  app.use(requestLog(logger));
  app.use(createHealthHandler(registry, {}));
  app.use(requireLoopbackName, allowUi(uiOrigin));
  app.post(
    '/decode',
    express.json({ limit: BODY_LIMIT, type: () => true }),
    decode(createPayloadCodec(keys)),
  );
  app.use(() => {
    throw refusal('ROUTE_NOT_FOUND', 'The codec endpoint only serves POST /decode.');
  });
  app.use(answerProblem);
  return app;
}

/** A page whose name was made to lead here sends that name. */
const requireLoopbackName: RequestHandler = (request, _response, next) => {
  if (!isLoopbackAddress(request.headers.host ?? '')) {
    throw refusal('ORIGIN_REFUSED', 'The codec endpoint only answers to its address on this machine.');
  }
  next();
};

/** Lets the pages of one origin read the answers; command lines send no origin. */
const allowUi =
  (uiOrigin: string): RequestHandler =>
  (request, response, next) => {
    const { origin } = request.headers;
    response.set('Vary', 'Origin').set('Cache-Control', 'no-store');
    if (origin !== undefined && origin !== uiOrigin) {
      throw refusal('ORIGIN_REFUSED', `Pages of ${origin.slice(0, 200)} may not read payloads.`);
    }
    if (origin === undefined) return next();
    response.set({
      'Access-Control-Allow-Origin': uiOrigin,
      'Access-Control-Allow-Methods': 'POST',
      'Access-Control-Allow-Headers': 'content-type,x-namespace,authorization',
    });
    if (request.method !== 'OPTIONS') return next();
    response.sendStatus(204);
  };

const decode =
  (codec: PayloadCodec): RequestHandler =>
  async (request, response) => {
    const opened = await codec.decode(parsePayloads(request.body)).catch((error: unknown) => {
      throw refusal('BODY_INVALID', (error as Error).message, '/payloads');
    });
    response.json({ payloads: opened.map(showPayload) });
  };
