import type { Server } from 'node:http';

/** Where a process answers; port 0 takes a free one. */
export interface ListenAddress {
  port: number;
  host: string;
}

/**
 * Resolves when the server accepts connections.
 *
 * @throws Error of the system when it cannot, such as EADDRINUSE
 */
export function listen(server: Server, { port, host }: ListenAddress): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}
