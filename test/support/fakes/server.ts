import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { refusal, toProblemDocument, Refusal, type ErrorCode } from '../../../core/errors/errors';

/** The request id of every answer. */
const REQUEST_ID = 'req-4711';

/** A request and its answer. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  method: string;
  /** As it was sent, without the query; a side that compares ids decodes it. */
  path: string;
  query: URLSearchParams;
  /** Whether it carries the token of the server. */
  isAuthorised: boolean;
  readBytes(): Promise<Buffer>;
  json(body: unknown, status?: number): void;
  /** Answers with a problem document, as the API does. */
  refuse(error: Refusal | ErrorCode): void;
}

export interface FakeServer {
  url: string;
  close(): Promise<void>;
}

/**
 * The marketplace that tests of one program stand before: a real server on loopback that answers with JSON and
 * problem documents. What it knows is a side of it: what hosts ask (`marketplace.ts`), what the command line
 * asks (`smallMarketplace.ts`), what the pages ask (`test/web/support/site.ts`).
 */
export async function openFakeServer(
  token: string,
  answer: (exchange: Exchange) => void | Promise<void>,
): Promise<FakeServer> {
  const server = createServer((request, response) => {
    Promise.resolve(answer(createExchange(token, request, response))).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function createExchange(token: string, request: IncomingMessage, response: ServerResponse): Exchange {
  const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://fake');
  const send = (body: unknown, status: number, type: string): void => {
    response.writeHead(status, { 'content-type': type, 'x-request-id': REQUEST_ID });
    response.end(JSON.stringify(body));
  };
  return {
    ...{ request, response, method: request.method ?? '', path, query },
    isAuthorised: request.headers.authorization === `Bearer ${token}`,
    readBytes: async () => {
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      return Buffer.concat(pieces);
    },
    json: (body, status = 200) => send(body, status, 'application/json'),
    refuse(error) {
      const refused = error instanceof Refusal ? error : refusal(error, `Refused with ${error}.`);
      const document = toProblemDocument(refused, REQUEST_ID);
      send(document, document.status, 'application/problem+json');
    },
  };
}
