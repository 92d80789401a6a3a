import { createServer, type Server, type ServerResponse } from 'node:http';
import { collectDefaultMetrics, type Registry } from 'prom-client';

/** Whether each component can be used now: `ok`, or why not. */
export type Readiness = Record<string, string>;

const LOOK_MS = 3_000;

/** One component's word, within three seconds. */
export async function wordOf(look: () => Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), LOOK_MS);
  });
  try {
    await Promise.race([look(), late]);
    return 'ok';
  } catch (error) {
    return (error as Error).message || 'not reachable';
  } finally {
    clearTimeout(timer);
  }
}

/**
 * `GET /healthz` (the process is up), `/readyz` (it works, by component) and `/metrics`. Plain HTTP
 * without a framework: three fixed answers need none, and the worker's memory is counted.
 */
export function createHealthServer(registry: Registry, readiness: () => Promise<Readiness>): Server {
  collectDefaultMetrics({ register: registry });
  const answers: Record<string, (response: ServerResponse) => Promise<void>> = {
    '/healthz': async (response) =>
      reply(response, 200, 'application/json', JSON.stringify({ status: 'ok' })),
    '/readyz': async (response) => {
      const components = await readiness();
      const isReady = Object.values(components).every((word) => word === 'ok');
      const body = JSON.stringify({ status: isReady ? 'ready' : 'not ready', components });
      reply(response, isReady ? 200 : 503, 'application/json', body);
    },
    '/metrics': async (response) => reply(response, 200, registry.contentType, await registry.metrics()),
  };
  return createServer((request, response) => {
    const answer = request.method === 'GET' ? answers[request.url?.split('?')[0] ?? ''] : undefined;
    if (!answer) return reply(response, 404, 'text/plain', 'not found\n');
    answer(response).catch(() => reply(response, 500, 'text/plain', 'failed\n'));
  });
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store' }).end(body);
}
