import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

/** What passes through, and where it came from. */
export interface Passing {
  path: string;
  status: number;
  body: Buffer;
}

/** Changes an answer on its way, or cuts the connection. */
export type Meddling = (passing: Passing) => Buffer | 'cut';

export interface ManInTheMiddle {
  url: string;
  /** Answers that were not passed on as they came. */
  meddled: () => number;
  /** Passes everything on as it is, or no more. */
  meddle(how: Meddling | undefined): void;
  close(): Promise<void>;
}

const IS_METADATA = /^\/api\/trust\//;

/** Between a host and its marketplace: everything that either says goes through here, packages included. */
export async function startManInTheMiddle(upstream: {
  marketplace: string;
  trust: string;
}): Promise<ManInTheMiddle> {
  let how: Meddling | undefined;
  let count = 0;

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '/';
    const origin = new URL(IS_METADATA.test(path) ? upstream.trust : upstream.marketplace);
    const headers = { ...request.headers, host: origin.host };
    const outgoing = ask(new URL(path, origin.origin), { method: request.method, headers });
    request.pipe(outgoing);
    const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
    const body = Buffer.concat(await answer.toArray());
    const status = answer.statusCode ?? 502;
    const changed = how?.({ path, status, body }) ?? body;
    if (changed !== body) count += 1;
    if (changed === 'cut') return void response.destroy();
    const { location, etag } = answer.headers;
    const kept = {
      'content-type': answer.headers['content-type'] ?? 'application/octet-stream',
      ...(etag ? { etag } : {}),
      ...(location ? { location: location.replace(upstream.marketplace, self.url) } : {}),
    };
    response.writeHead(status, { ...kept, 'content-length': changed.length }).end(changed);
  }

  const server = createServer((request, response) => {
    pass(request, response).catch(() => response.destroy());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const self: ManInTheMiddle = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    meddled: () => count,
    meddle(next) {
      [how, count] = [next, 0];
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
  return self;
}
