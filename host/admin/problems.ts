import type { ErrorRequestHandler, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { Refusal, refusal, toProblemDocument } from '../../core/errors/errors';

/** What Express and its body parser throw, in the words of the catalogue. */
const BY_TYPE: Record<string, () => Refusal> = {
  'entity.parse.failed': () => refusal('BODY_NOT_JSON', 'The body is not JSON.'),
  'entity.too.large': () => refusal('BODY_TOO_LARGE', 'The body has more than 64 KiB.'),
  'encoding.unsupported': () => refusal('BODY_NOT_JSON', 'The body has an encoding that is not known.'),
  'charset.unsupported': () => refusal('BODY_NOT_JSON', 'The body has a character set that is not known.'),
};

/** Everything that went wrong becomes an RFC 9457 problem; what is not a refusal stays in the log. */
export const answerProblems =
  (log: Logger): ErrorRequestHandler =>
  (error: unknown, _request, response, next) => {
    if (response.headersSent) return next(error);
    const known = asRefusal(error);
    if (!known) log.error({ err: error }, 'request failed');
    const document = toProblemDocument(known ?? refusal('INTERNAL', 'The request could not be answered.'));
    if (document.status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
  };

function asRefusal(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof URIError) return refusal('PARAMETER_INVALID', 'The address is not well encoded.');
  const { type } = (error ?? {}) as { type?: unknown };
  return typeof type === 'string' ? BY_TYPE[type]?.() : undefined;
}

export const noSuchRoute: RequestHandler = (request) => {
  throw refusal('ROUTE_NOT_FOUND', `There is no ${request.method} ${request.path}.`);
};
