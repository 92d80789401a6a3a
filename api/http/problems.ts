import type { ErrorRequestHandler, Response } from 'express';
import { Refusal, refusal, toProblemDocument } from '../../core/errors/errors';

/** How long a caller should wait before it tries a temporary failure again, in seconds. */
const RETRY_AFTER = '5';

/**
 * Answers any error as an RFC 9457 problem document.
 *
 * What is not a refusal becomes INTERNAL without a word of its cause, which goes to the log only
 * (`response.err` is where pino-http looks for it).
 */
export function sendProblem(response: Response, error: unknown, requestId?: string): void {
  const refused = toRequestRefusal(error);
  const document = toProblemDocument(refused, requestId);
  if (document.status >= 500) (response as { err?: unknown }).err = error;
  if (document.status === 503) response.set('Retry-After', RETRY_AFTER);
  response.status(document.status).type('application/problem+json').send(JSON.stringify(document));
}

/** Answers what a server's own routes refuse, unless an answer has begun. */
export const answerProblem: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  sendProblem(response, error, String(request.id));
};

/** The refusal that an error amounts to; errors of Express and its body parser have theirs. */
export function toRequestRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const { type, status } = (error ?? {}) as { type?: unknown; status?: unknown };
  if (type === 'entity.too.large')
    return refusal('BODY_TOO_LARGE', 'The body is larger than this endpoint accepts.');
  if (type === 'entity.parse.failed') return refusal('BODY_NOT_JSON', 'The body cannot be read as JSON.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return refusal('PARAMETER_INVALID', 'The request cannot be read: its URL or encoding is malformed.');
  }
  return refusal('INTERNAL', 'The request could not be processed.');
}
