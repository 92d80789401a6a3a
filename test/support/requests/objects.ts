import { request as rawRequest } from 'node:http';
import type { SignedRequest } from '../../../adapters/objects/objectStore';
import { readBytes } from '../builders/objects';
import type { ObjectServer } from '../servers/objectServer';

/** Reads a problem document: its code, and the status that both the line and the document name. */
export async function readRefusal(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const { code, status, requestId } = (await response.json()) as Record<string, unknown>;
  expect(requestId).toEqual(expect.any(String));
  return { code, status: response.status === status ? status : 'differs' };
}

/** The same request with another URL. */
export function changed(request: SignedRequest, change: (url: URL) => void): SignedRequest {
  const url = new URL(request.url);
  change(url);
  return { ...request, url: url.toString() };
}

/** Sends a request as it is, where fetch would mend the path or add headers; the body has no length. */
export function sendRaw(
  server: Pick<ObjectServer, 'url'>,
  target: string,
  options: { method: string; headers?: Record<string, string> },
  chunks: Buffer[] = [],
): Promise<{ status: number; text: string }> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const sent = rawRequest(
      { hostname, port, path: target.replace(server.url, ''), ...options },
      (answer) => {
        readBytes(answer).then(
          (body) => resolve({ status: answer.statusCode ?? 0, text: String(body) }),
          reject,
        );
      },
    );
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}
