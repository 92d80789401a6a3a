import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Ports are taken below the range from which systems give out ports to outgoing connections: a service that is
 * restarted must find its port free, and not held by some client's connection.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/** True when a server can listen on the port of that host now. */
export function isPortFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** A free port outside `taken`. */
export async function freePort(host: string, taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.has(port) && (await isPortFree(host, port))) return port;
  }
  throw new Error(`no free port between ${LOWEST} and ${HIGHEST} on ${host}`);
}
