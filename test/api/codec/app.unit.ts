import { randomBytes } from 'node:crypto';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { once } from 'node:events';
import pino from 'pino';
import { createCodecApp } from '../../../api/codec/app';
import { codecConfig } from '../../../api/codec/config';
import { createPayloadCodec } from '../../../adapters/temporal/codec';
import type { PayloadKey } from '../../../adapters/temporal/keys';

const UI = 'http://127.0.0.1:8233';
const key: PayloadKey = { id: 'test', key: randomBytes(32) };
const plain = { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('"ada"') };

let server: Server;
beforeAll(async () => {
  server = createServer(createCodecApp({ keys: [key], uiOrigin: UI }, pino({ level: 'silent' })));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

interface Answer {
  status: number | undefined;
  headers: Record<string, unknown>;
  body: unknown;
}

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  const { port } = server.address() as AddressInfo;
  const call = request({
    host: '127.0.0.1',
    port,
    path,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  call.end(JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  return { status: response.statusCode, headers: response.headers, body: await json(response) };
}

async function seal(): Promise<object> {
  const [sealed] = await createPayloadCodec([key]).encode([plain]);
  const toBase64 = (bytes: Uint8Array | null | undefined): string =>
    Buffer.from(bytes ?? []).toString('base64');
  return {
    metadata: Object.fromEntries(
      Object.entries(sealed!.metadata!).map(([name, value]) => [name, toBase64(value)]),
    ),
    data: toBase64(sealed!.data),
  };
}

test("Temporal's UI has encrypted payloads opened", async () => {
  const { status, headers, body } = await post(
    '/decode',
    { payloads: [await seal()] },
    { origin: UI, 'x-namespace': 'default' },
  );
  expect(status).toBe(200);
  expect(headers['access-control-allow-origin']).toBe(UI);
  expect(body).toEqual({
    payloads: [
      {
        metadata: { encoding: Buffer.from('json/plain').toString('base64') },
        data: Buffer.from('"ada"').toString('base64'),
      },
    ],
  });
});

test('a page of another origin, or one whose name was made to lead here, is refused', async () => {
  const body = { payloads: [await seal()] };
  const foreign = await post('/decode', body, { origin: 'https://attacker.example' });
  expect(foreign).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
  expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
  const rebound = await post('/decode', body, { host: 'attacker.example' });
  expect(rebound).toMatchObject({ status: 403, body: { code: 'ORIGIN_REFUSED' } });
});

test('what is no payload, does not open or is not asked for here is refused with a code', async () => {
  expect(await post('/decode', { payloads: 'x' })).toMatchObject({
    status: 422,
    body: { code: 'BODY_INVALID' },
  });
  const sealed = (await seal()) as { metadata: object };
  const changed = { ...sealed, data: Buffer.from('x').toString('base64') };
  expect(await post('/decode', { payloads: [changed] })).toMatchObject({
    status: 422,
    body: { code: 'BODY_INVALID' },
  });
  expect(await post('/encode', { payloads: [] })).toMatchObject({
    status: 404,
    body: { code: 'ROUTE_NOT_FOUND' },
  });
});

test('the endpoint does not start where others reach it', () => {
  const env = {
    PORT: '0',
    TEMPORAL_UI_URL: `${UI}/namespaces`,
    SPILLWAY_PAYLOAD_KEYS: `a:${key.key.toString('base64')}`,
  };
  expect(codecConfig(env)).toMatchObject({ uiOrigin: UI, keys: [{ id: 'a' }] });
  expect(() => codecConfig({ ...env, HOST: '0.0.0.0' })).toThrow(/use 127\.0\.0\.1/);
});
