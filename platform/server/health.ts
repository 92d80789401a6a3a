import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkReadiness, type Checks } from './readiness';

/** What is served for Prometheus. */
export interface Metrics {
  contentType: string;
  metrics(): Promise<string>;
}

/** The addresses below which every process says how it is. */
export const HEALTH_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

/** Answers one request, or hands it on; with `error` when answering failed. */
export type HealthHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: (error?: unknown) => void,
) => void;

/**
 * `/healthz` (the process is up), `/readyz` (it can work, by component; 503 when it cannot) and `/metrics`,
 * alike in every process. It needs nothing but Node, and serves as a middleware of Express too.
 */
export function createHealthHandler(metrics: Metrics, checks: Checks): HealthHandler {
  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) => replyJson(response, 200, { status: 'alive' }),
    '/readyz': async (response) => {
      const readiness = await checkReadiness(checks);
      if (!readiness.ready) response.setHeader('Retry-After', '5');
      replyJson(response, readiness.ready ? 200 : 503, readiness);
    },
    '/metrics': async (response) => reply(response, 200, metrics.contentType, await metrics.metrics()),
  };
  return (request, response, next) => {
    const answer = answers[request.url?.split('?')[0] ?? ''];
    if (!answer || !['GET', 'HEAD'].includes(request.method ?? '')) return next();
    answer(response).catch(next);
  };
}

function replyJson(response: ServerResponse, status: number, body: object): void {
  reply(response, status, 'application/json', JSON.stringify(body));
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}
