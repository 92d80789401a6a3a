import { generateSigningKey } from '../../../pxp/signing';
import { ask } from '../../support/requests/ask';
import { addPublisher } from '../../support/builders/identities';
import { createPublishRequest } from '../../support/builders/submission';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';

let market: Marketplace;
let token: string;

beforeAll(async () => {
  market = await openMarketplace();
  token = await addPublisher(market.db);
});
afterAll(() => market.stop());

const post = (raw: string | Uint8Array, headers: Record<string, string> = {}) =>
  ask(`${market.url}/api/marketplace/plugins/publish`, { method: 'POST', token, raw, headers });

const json = JSON.stringify;
const nested = (depth: number) => '[{"a":'.repeat(depth) + '1' + '}]'.repeat(depth);
const withNotes = (notes: string) => json({ ...createPublishRequest(), notes });

const bodies: [string, () => string | Uint8Array, number, string][] = [
  ['text that is no JSON', () => 'hello', 400, 'BODY_NOT_JSON'],
  ['JSON that breaks off', () => json(createPublishRequest()).slice(0, -10), 400, 'BODY_NOT_JSON'],
  ['a JSON text in place of an object', () => '"publish"', 400, 'BODY_NOT_JSON'],
  ['bytes that are no UTF-8', () => new Uint8Array([0x7b, 0xff, 0xfe, 0x7d]), 400, 'BODY_NOT_JSON'],
  ['a list in place of an object', () => '[]', 422, 'BODY_INVALID'],
  ['two megabytes', () => withNotes('x'.repeat(2 * 1024 * 1024)), 413, 'BODY_TOO_LARGE'],
  ['a hundred thousand nested lists', () => nested(50_000), 422, 'BODY_TOO_DEEP'],
  ['a NUL character', () => withNotes('a\0b'), 422, 'BODY_UNSAFE'],
  ['half of a surrogate pair', () => withNotes('a\ud800b').replace('\ud800', '\\ud800'), 422, 'BODY_UNSAFE'],
  [
    'a key that pollutes prototypes',
    () => json(createPublishRequest()).replace('{', '{"__proto__":{"admin":true},'),
    422,
    'BODY_UNSAFE',
  ],
  [
    'a key that is there twice, in two spellings',
    () => json(createPublishRequest()).replace('{', '{"\\u0076ersion":"9.9.9",'),
    422,
    'BODY_UNSAFE',
  ],
  [
    'a key that is there twice, deep inside',
    () =>
      json(createPublishRequest()).replace('"permissions":', '"permissions":["all.of.it"],"permissions":'),
    422,
    'BODY_UNSAFE',
  ],
  ['numbers where texts belong', () => json({ ...createPublishRequest(), notes: 7 }), 422, 'BODY_INVALID'],
  ['a key that no schema knows', () => json({ ...createPublishRequest(), admin: true }), 422, 'BODY_INVALID'],
];

test.each(bodies)('a body of %s is refused with its own code', async (_name, body, status, code) => {
  const answer = await post(body());
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(answer.body).toMatchObject({
    title: expect.any(String),
    next: expect.any(String),
    requestId: expect.any(String),
  });
  expect(await market.db('releases').count()).toEqual([{ count: 0 }]);
});

test('a body without the type of JSON is refused, so that no browser form can send one', async () => {
  const answer = await post(json(createPublishRequest()), { 'content-type': 'text/plain' });
  expect([answer.status, answer.body.code]).toEqual([400, 'BODY_NOT_JSON']);
});

test('everything that is wrong with a body is told at once, each with its place', async () => {
  const request = createPublishRequest();
  const answer = await post(
    json({
      ...request,
      version: 'one',
      channel: 'nightly',
      extra: 1,
      artefact: { ...request.artefact, bytes: 5 },
    }),
  );
  const errors = answer.body.errors as { pointer: string }[];
  expect(errors.map(({ pointer }) => pointer).sort()).toEqual([
    '/artefact/parts',
    '/channel',
    '/extra',
    '/version',
  ]);
});

const addresses: [string, string, number, string][] = [
  ['an address that is not there', '/api/nothing', 404, 'ROUTE_NOT_FOUND'],
  ['broken percent-encoding', '/api/marketplace/plugins/%E0%A4%A', 400, 'PARAMETER_INVALID'],
  ['an id that is no id', '/api/marketplace/plugins/nothing', 400, 'PARAMETER_INVALID'],
  ['a NUL in an id', '/api/marketplace/plugins/demo%00@1.0.0', 400, 'PARAMETER_INVALID'],
  ['a limit that is no number', '/api/marketplace/releases?limit=many', 400, 'PARAMETER_INVALID'],
  ['a limit that is given twice', '/api/marketplace/releases?limit=1&limit=2', 400, 'PARAMETER_INVALID'],
  ['a cursor that no page gave', '/api/marketplace/releases?cursor=x', 400, 'PARAMETER_INVALID'],
  [
    'a cursor with a made-up moment',
    `/api/marketplace/releases?cursor=${Buffer.from('["soon","x"]').toString('base64url')}`,
    400,
    'PARAMETER_INVALID',
  ],
];

test.each(addresses)('%s is refused with its own code', async (_name, path, status, code) => {
  const answer = await ask(market.url + path, { token });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
});

test('a method that an address does not take is refused with those that it takes', async () => {
  const answer = await ask(`${market.url}/api/marketplace/keys`, { method: 'DELETE', token });
  expect([answer.status, answer.body.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
  expect(answer.headers.get('allow')).toBe('POST, GET');
});

test('duplicate slashes mean one, whatever prefix somebody left empty', async () => {
  expect((await ask(`${market.url}//api//marketplace/whoami`, { token })).body).toMatchObject({ id: 'acme' });
});

test('a request id is taken over when it is a plain one, and replaced otherwise', async () => {
  const given = await ask(`${market.url}/healthz`, { headers: { 'x-request-id': 'order-2026-11-21' } });
  expect(given.headers.get('x-request-id')).toBe('order-2026-11-21');
  const forged = await ask(`${market.url}/healthz`, { headers: { 'x-request-id': 'a b{"level":60}' } });
  expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('a private key is refused and kept nowhere', async () => {
  const key = await generateSigningKey({ name: 'Acme', email: 'dev@example.com' });
  const client = market.sdk(token);
  await expect(client.keys.update(key.privateKeyArmored)).rejects.toMatchObject({ code: 'KEY_INVALID' });
  await expect(client.keys.update('no key')).rejects.toMatchObject({ code: 'KEY_INVALID' });
  await expect(client.keys.update(key.publicKeyArmored)).rejects.toMatchObject({ code: 'KEY_UNPROVEN' });
  expect(market.logLines().join('\n')).not.toContain('PRIVATE KEY');
});

test('publish calls beyond the limit are told how long to wait', async () => {
  const second = await market.openSecondApi({ publishPerMinute: 2 });
  const request = {
    method: 'POST',
    token,
    body: { ...createPublishRequest(), manifest: { ...createPublishRequest().manifest, id: 'x-y-z' } },
  };
  const statuses: number[] = [];
  for (let call = 0; call < 3; call += 1) {
    const answer = await ask(`${second.url}/api/marketplace/plugins/publish`, request);
    statuses.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(statuses).toContain(429);
});
