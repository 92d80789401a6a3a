import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { checkMarketplace } from '../../cli/doctor/marketplace';
import { readConfig } from '../../cli/config';
import { createClient } from '../../sdk/client';
import { temporaryFolder } from '../support/temporaryFolder';
import { runCli } from '../support/cli/runCli';

/** A server's silence is that of a blink here. */
jest.mock('../../contracts/releases/events', () => ({
  ...jest.requireActual<object>('../../contracts/releases/events'),
  SILENCE_MS: 100,
}));

const folder = temporaryFolder('hostile');
let server: Server;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  server = createServer((request, response) => answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = (over = {}) =>
  createClient({
    baseUrl: url,
    token: 'x',
    retries: 1,
    minDelayMs: 1,
    maxDelayMs: 2,
    timeoutMs: 30_000,
    ...over,
  });

/** Sends a piece again and again for as long as somebody listens. */
function pour(response: ServerResponse, piece: string, everyMs: number): void {
  const more = (): void => {
    if (response.destroyed) return;
    const isKeptUp = response.write(piece);
    if (everyMs > 0) setTimeout(more, everyMs);
    else if (isKeptUp) setImmediate(more);
    else response.once('drain', more);
  };
  more();
}

const endless = (status: number, start = '', piece = ' '.repeat(64 * 1024)) => {
  answer = (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write(start);
    pour(response, piece, 0);
  };
};

/** Each byte well before any time between two of them is over, and never a last one. */
const dribble = (status: number, type = 'application/json', piece = ' ') => {
  answer = (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': type });
    pour(response, piece, 5);
  };
};

const catchCode = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'nothing was refused',
    (error: { code?: string }) => String(error.code),
  );

const part = async () => {
  const file = path.join(folder, 'part');
  await writeFile(file, 'part');
  return { put: { url: `${url}/part`, headers: {} }, file, start: 0, bytes: 4 };
};

describe('an answer without end is left as soon as it is too long', () => {
  test.each([
    ['of blanks', '', undefined],
    ['of one text', '{"kind":"', undefined],
    ['of lists in lists', '', '['.repeat(64 * 1024)],
  ])('%s', async (_, start, piece) => {
    endless(200, start, piece);
    expect(await catchCode(client().identity.whoami())).toBe('ANSWER_TOO_LARGE');
  });

  test('when it is a refusal, which then counts by its status', async () => {
    endless(403);
    expect(await catchCode(client().identity.whoami())).toBe('SCOPE_MISSING');
    expect(await catchCode(client().releases.uploadPart(await part()))).toBe('SCOPE_MISSING');
  });

  test('when only its head was wanted', async () => {
    answer = (_, response) => {
      response.writeHead(200, { location: 'http://127.0.0.1/x', 'x-package-sha256': 'a' });
      pour(response, ' '.repeat(64 * 1024), 0);
    };
    expect(await client().installations.requestDownload('com.example.a', '1.0.0')).toMatchObject({
      sha256: 'a',
    });
  });

  test('when it is one message of a timeline', async () => {
    endless(200, 'event: timeline\ndata: ', 'x'.repeat(64 * 1024));
    const read = async () => {
      for await (const event of client().releases.follow('release:com.example.a@1.0.0')) void event;
    };
    expect(await catchCode(read())).toBe('ANSWER_TOO_LARGE');
  });

  test('when it is the readiness that doctor asks for', async () => {
    endless(200);
    const config = readConfig({ PX_MARKETPLACE_API_URL: url }, { cwd: folder, home: folder });
    const [found] = await checkMarketplace(config, {
      hint: undefined,
      fingerprint: undefined,
      now: new Date(),
    });
    expect(found).toMatchObject({ there: false, next: expect.stringContaining('more than 1048576 bytes') });
  });
});

describe('an answer that comes byte by byte ends with the deadline of the whole', () => {
  test.each([200, 503])('of status %i', async (status) => {
    dribble(status);
    expect(await catchCode(client({ timeoutMs: 200 }).identity.whoami())).toBe('UNAVAILABLE');
  });

  test('to a part of an upload, which counts by its status', async () => {
    dribble(200);
    await client({ partTimeoutMs: 200 }).releases.uploadPart(await part());
    dribble(403);
    expect(await catchCode(client({ partTimeoutMs: 200 }).releases.uploadPart(await part()))).toBe(
      'SCOPE_MISSING',
    );
  });

  test('when only its head was wanted', async () => {
    dribble(200);
    const asked = client({ timeoutMs: 200 }).installations.requestDownload('com.example.a', '1.0.0');
    expect(await catchCode(asked)).toBe('INTERNAL');
  });

  test('while bytes of a timeline that never become a message count as silence', async () => {
    let connections = 0;
    answer = (_, response) => {
      connections += 1;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      pour(response, 'x', 5);
    };
    const read = async () => {
      for await (const event of client({ maxOutageMs: 150 }).releases.follow('release:com.example.a@1.0.0'))
        void event;
    };
    expect(await catchCode(read())).toBe('UNAVAILABLE');
    expect(connections).toBeGreaterThan(1);
  });
});

test('a list whose pages never end is left', async () => {
  let pages = 0;
  answer = (_, response) => {
    pages += 1;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ reviews: [], next: `page-${pages}` }));
  };
  const env = { PX_MARKETPLACE_API_URL: url, PX_MARKETPLACE_TOKEN: 'x' };
  const { exit, err } = await runCli(['review', 'list'], { cwd: folder, env });
  expect([exit, err]).toEqual([5, expect.stringContaining('ANSWER_TOO_LARGE')]);
  expect(pages).toBe(1_000);
});
