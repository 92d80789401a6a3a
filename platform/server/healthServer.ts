import { createServer, type Server } from 'node:http';
import { createHealthHandler, type Metrics } from './health';
import type { Checks } from './readiness';

/** For a process that serves nothing else. Plain HTTP without a framework: the memory of a worker is counted. */
export function createHealthServer(metrics: Metrics, checks: Checks): Server {
  const handle = createHealthHandler(metrics, checks);
  return createServer((request, response) =>
    handle(request, response, (error) => {
      const isFailure = error !== undefined;
      response.writeHead(isFailure ? 500 : 404, { 'Content-Type': 'text/plain' });
      response.end(isFailure ? 'failed\n' : 'not found\n');
    }),
  );
}
