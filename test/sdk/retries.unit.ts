import { MockAgent } from 'undici';
import { getOrigin } from '../../sdk/http/problems';
import { createClient } from '../../sdk/client';
import type { RetryNotice } from '../../sdk/http/options';
import type { Refusal } from '../../core/errors/errors';

const ORIGIN = 'http://market.example';
const whoami = { kind: 'publisher', id: 'acme', scopes: ['plugin:publish'] };

let agent: MockAgent;
beforeEach(() => {
  agent = new MockAgent();
  agent.disableNetConnect();
});
afterEach(() => agent.close());

const pool = () => agent.get(ORIGIN);
const asked = { path: '/api/marketplace/whoami', method: 'GET' };
const client = (retries = 3, onRetry: (notice: RetryNotice) => void = () => undefined) =>
  createClient({
    baseUrl: `${ORIGIN}/`,
    token: 'secret-token',
    dispatcher: agent,
    retries,
    minDelayMs: 1,
    maxDelayMs: 2,
    onRetry,
  });
const problem = (status: number, code: string, headers: Record<string, string> = {}) => {
  const body = JSON.stringify({
    code,
    detail: `${code} happened.`,
    errors: [{ code, detail: `${code} happened.` }],
  });
  pool()
    .intercept(asked)
    .reply(status, body, { headers: { 'content-type': 'application/problem+json', ...headers } });
};
const succeed = () => pool().intercept(asked).reply(200, JSON.stringify(whoami));
const catchRefusal = (work: Promise<unknown>): Promise<Refusal> =>
  work.then(
    () => Promise.reject(new Error('nothing was refused')),
    (error: Refusal) => error,
  );

test.each([502, 503, 504])('status %i is tried again until it passes', async (status) => {
  problem(status, 'UNAVAILABLE');
  problem(status, 'UNAVAILABLE');
  succeed();
  expect(await client().identity.whoami()).toEqual(whoami);
});

test('a connection that breaks is tried again, and the caller hears of each time', async () => {
  const notices: RetryNotice[] = [];
  pool()
    .intercept(asked)
    .replyWithError(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
  succeed();
  expect(await client(3, (notice) => notices.push(notice)).identity.whoami()).toEqual(whoami);
  expect(notices).toEqual([
    { method: 'GET', path: asked.path, attempt: 1, reason: expect.stringContaining('ECONNRESET') },
  ]);
});

test('too many requests: the caller learns how long the server asks to wait', async () => {
  problem(429, 'RATE_LIMITED', { 'retry-after': '7' });
  expect(getOrigin(await catchRefusal(client(0).identity.whoami()))).toMatchObject({
    status: 429,
    retryAfterSeconds: 7,
  });
});

test.each([
  [400, 'PARAMETER_INVALID'],
  [401, 'TOKEN_INVALID'],
  [403, 'SCOPE_MISSING'],
  [404, 'RELEASE_NOT_FOUND'],
  [409, 'VERSION_CONFLICT'],
  [422, 'SIGNATURE_REQUIRED'],
])('status %i is final: it comes back as the server said it', async (status, code) => {
  problem(status, code, { 'x-request-id': 'request-7' });
  const refused = await catchRefusal(client().identity.whoami());
  expect(refused.problems).toEqual([{ code, detail: `${code} happened.` }]);
  expect(getOrigin(refused)).toMatchObject({ status, requestId: 'request-7', path: asked.path });
});

test('after the last try the refusal says what could not be reached, and no token is in it', async () => {
  pool().intercept(asked).replyWithError(new Error('down')).times(2);
  const refused = await catchRefusal(client(1).identity.whoami());
  expect(refused.code).toBe('UNAVAILABLE');
  expect(refused.message).toContain(`GET ${asked.path} got no answer from ${ORIGIN}`);
  expect(JSON.stringify([refused, refused.cause, refused.stack])).not.toContain('secret-token');
});

test('all tries of a call carry one request id, and two calls never share one', async () => {
  const ids: string[] = [];
  const remember = (status: number) =>
    pool()
      .intercept(asked)
      .reply(status, ({ headers }) => {
        ids.push((headers as Record<string, string>)['x-request-id'] ?? '');
        return JSON.stringify(whoami);
      });
  remember(503);
  remember(200);
  remember(200);
  const caller = client();
  await caller.identity.whoami();
  await caller.identity.whoami();
  expect(ids[0]).toBe(ids[1]);
  expect(ids[2]).not.toBe(ids[1]);
});

test('an answer that is no problem document still has a code and a sentence', async () => {
  pool().intercept(asked).reply(404, '<html>nginx</html>');
  expect((await catchRefusal(client().identity.whoami())).problems).toEqual([
    { code: 'NOT_FOUND', detail: `GET ${asked.path} was answered with status 404.` },
  ]);
});

test('a code that this client does not know is shown as it is', async () => {
  problem(422, 'INVENTED_LATER');
  expect((await catchRefusal(client().identity.whoami())).problems).toEqual([
    { code: 'INTERNAL', detail: 'INVENTED_LATER: INVENTED_LATER happened.' },
  ]);
});

test('an answer of another form than agreed is refused rather than handed on', async () => {
  pool()
    .intercept(asked)
    .reply(200, JSON.stringify({ kind: 'wizard' }));
  expect((await catchRefusal(client().identity.whoami())).message).toContain(
    'differs from its schema at kind',
  );
});

test('a call that its caller ends is not tried again', async () => {
  const controller = new AbortController();
  pool()
    .intercept({ path: /events/, method: 'GET' })
    .reply(503, '');
  const events = client().releases.follow('release:a@1.0.0', { signal: controller.signal });
  controller.abort(new Error('enough'));
  await expect(events.next()).rejects.toThrow('enough');
});
