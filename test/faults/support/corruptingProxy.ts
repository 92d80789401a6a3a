import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface CorruptingProxy {
  url: string;
  close(): Promise<void>;
}

/** A bad link: it passes everything on as it is, but for one byte of each package. */
export async function openCorruptingProxy(api: string, objects: string): Promise<CorruptingProxy> {
  const server = createServer((request, response) => {
    void (async () => {
      const address = request.url ?? '/';
      const isPackage = address.startsWith('/bytes/');
      const pieces: Buffer[] = [];
      for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
      const headers = { ...request.headers } as Record<string, string>;
      for (const name of ['host', 'connection', 'content-length', 'transfer-encoding']) delete headers[name];
      const answer = await fetch(isPackage ? `${objects}/${address.slice(7)}` : `${api}${address}`, {
        method: request.method ?? 'GET',
        headers,
        redirect: 'manual',
        ...(pieces.length > 0 ? { body: Buffer.concat(pieces) } : {}),
      });
      const body = Buffer.from(await answer.arrayBuffer());
      const middle = Math.floor(body.length / 2);
      if (isPackage) body.writeUInt8(body.readUInt8(middle) ^ 1, middle);
      const location = answer.headers.get('location')?.replace(objects, `${url}/bytes`);
      response.writeHead(answer.status, {
        ...Object.fromEntries(
          [...answer.headers].filter(([name]) => !/^(content-|transfer-|connection)/.test(name)),
        ),
        'content-type': answer.headers.get('content-type') ?? 'application/octet-stream',
        ...(location === undefined ? {} : { location }),
      });
      response.end(body);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
