import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '../../sdk/client';
import { objectUrl } from '../../sdk/releases/parts';

/** A real server that answers as each test says: the client's streams are about sockets. */
let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'spillway-sdk-'));
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const client = (over = {}) =>
  createClient({ baseUrl: url, token: 'secret-token', retries: 2, minDelayMs: 1, maxDelayMs: 5, ...over });

const line = (seq: number) =>
  `id: ${seq}\nevent: timeline\ndata: ${JSON.stringify({ seq, at: '2026-11-21T12:00:00.000Z', kind: 'state', text: `Line ${seq}.`, actor: 'acme', data: {} })}\n\n`;
const state = (event: string, value: string) => `event: ${event}\ndata: {"state":"${value}"}\n\n`;

test('a timeline goes on after the last line that arrived, whatever breaks in between', async () => {
  const after: (string | undefined)[] = [];
  answer = (request, response) => {
    after.push(request.headers['last-event-id'] as string);
    if (after.length === 3) return void response.writeHead(503).end();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (after.length === 1) {
      response.write(': alive\n\n' + line(1) + line(2).slice(0, 20));
      setTimeout(() => response.destroy(), 20);
    } else if (after.length === 2) {
      // A server that repeats itself must not make the client repeat itself.
      response.end(line(1) + line(2));
    } else {
      response.end(
        line(3) + state('state', 'completed') + 'event: later\ndata: {}\n\n' + state('end', 'completed'),
      );
    }
  };
  const seen: unknown[] = [];
  for await (const event of client().releases.follow('release:a@1.0.0')) {
    seen.push(event.type === 'timeline' ? event.event.seq : `${event.type} ${event.state}`);
  }
  expect(seen).toEqual([1, 2, 3, 'state completed', 'end completed']);
  expect(after).toEqual(['0', '1', '2', '2']);
});

test('a timeline that is not there ends at once with the server’s refusal', async () => {
  answer = (_request, response) => {
    const problem = { code: 'RELEASE_NOT_FOUND', detail: 'There is no release a.', errors: [] };
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  };
  await expect(client().releases.follow('release:a@1.0.0').next()).rejects.toMatchObject({
    code: 'RELEASE_NOT_FOUND',
  });
});

test('a server that stays away longer than the outage allowed is an error', async () => {
  answer = (request) => void request.socket.destroy();
  const events = client({ maxOutageMs: 30 }).releases.follow('release:a@1.0.0');
  await expect(events.next()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});

test('a caller that stops listening leaves no connection open', async () => {
  const closed = new Promise((resolve) => {
    answer = (request, response) => {
      request.once('close', resolve);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(line(1));
    };
  });
  for await (const event of client().releases.follow('release:a@1.0.0')) {
    expect(event.type).toBe('timeline');
    break;
  }
  await closed;
});

async function writeNewFile(bytes: Buffer): Promise<string> {
  const file = path.join(folder, `${randomBytes(4).toString('hex')}.pxp`);
  await writeFile(file, bytes);
  return file;
}

test('a part is exactly its range of the file, and comes whole again after a failure', async () => {
  const bytes = randomBytes(1_000_000);
  const bodies: Buffer[] = [];
  answer = (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks));
      expect(request.headers).toMatchObject({ 'content-length': '600000', 'x-goog-hash': 'abc' });
      expect(request.headers.authorization).toBeUndefined();
      response.writeHead(bodies.length === 1 ? 503 : 200).end();
    });
  };
  let progress = 0;
  await client().releases.uploadPart({
    put: { url: `${url}/objects/a?signature=secret`, headers: { 'x-goog-hash': 'abc' } },
    file: await writeNewFile(bytes),
    start: 300_000,
    bytes: 600_000,
    onProgress: (count) => (progress += count),
  });
  expect(bodies.map((body) => body.equals(bytes.subarray(300_000, 900_000)))).toEqual([true, true]);
  expect(progress).toBe(600_000);
});

test('a part that the object store refuses is refused with the object store’s code, and the signature is not repeated', async () => {
  answer = (request, response) => {
    request.resume();
    const problem = {
      code: 'PART_DIGEST',
      detail: 'The bytes differ.',
      errors: [{ code: 'PART_DIGEST', detail: 'The bytes differ.' }],
    };
    response.writeHead(422).end(JSON.stringify(problem));
  };
  const upload = client().releases.uploadPart({
    put: { url: `${url}/objects/a?signature=secret`, headers: {} },
    file: await writeNewFile(Buffer.from('part')),
    start: 0,
    bytes: 4,
  });
  const refused = await upload.catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'PART_DIGEST', cause: { path: '/objects/a' } });
  expect(JSON.stringify((refused as Error).cause)).not.toContain('secret');
});

test('the object store’s origin can be replaced, and the signed path and query stay as they are', () => {
  const signed = 'http://10.0.0.1:9000/objects/a%20b?X-Signature=1%2F2';
  expect(objectUrl(signed, undefined).href).toBe(signed);
  expect(objectUrl(signed, 'https://store.example/behind/').href).toBe(
    'https://store.example/behind/objects/a%20b?X-Signature=1%2F2',
  );
});
