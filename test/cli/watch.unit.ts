import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { createClient } from '../../sdk/client';
import { follow } from '../../cli/watch/follow';
import { drawEvent } from '../../cli/watch/draw';
import { createTerminal } from '../../cli/terminal/terminal';
import { runCli } from '../support/cli/runCli';
import { temporaryFolder } from '../support/temporaryFolder';
import { release } from '../web/support/fixtures';

let server: Server;
let connections: string[];
let scripts: string[][];

/** A timeline as the platform streams it, one script a connection; each ends by hanging up. */
beforeEach(async () => {
  connections = [];
  scripts = [];
  server = createServer((request, response) => {
    connections.push(String(request.headers['last-event-id']));
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end((scripts.shift() ?? []).join(''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

const event = (seq: number, kind: TimelineEvent['kind'], text: string, data = {}): TimelineEvent => ({
  ...{ seq, kind, text, data, actor: 'platform', at: '2026-11-21T12:00:00.000Z' },
});
const line = (one: TimelineEvent): string =>
  `id: ${one.seq}\nevent: timeline\ndata: ${JSON.stringify(one)}\n\n`;
const state = (name: string, value: string): string => `event: ${name}\ndata: {"state":"${value}"}\n\n`;

function client() {
  const { port } = server.address() as AddressInfo;
  return createClient({ baseUrl: `http://127.0.0.1:${port}`, token: 't', minDelayMs: 1 });
}
const seqs = (events: readonly TimelineEvent[]) => events.map((each) => each.seq);

describe('following a release', () => {
  test('goes on where a lost connection broke, with every line once, until the release has ended', async () => {
    scripts = [
      [line(event(1, 'state', 'one')), line(event(2, 'scan', 'two'))],
      [line(event(2, 'scan', 'two')), line(event(3, 'state', 'three')), state('end', 'completed')],
    ];
    const told: number[] = [];
    const followed = await follow(client(), 'release:a@1.0.0', { onEvent: (each) => told.push(each.seq) });
    expect(followed).toMatchObject({ state: 'completed', reached: true });
    expect([told, seqs(followed.events)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ]);
    expect(connections).toEqual(['0', '2']);
  });

  test('stops where it was told to, even if the release has moved on since', async () => {
    scripts = [
      [
        line(event(1, 'state', 'review', { to: 'in_review' })),
        line(event(2, 'state', 'more', { to: 'approved' })),
      ],
    ];
    const followed = await follow(client(), 'release:a@1.0.0', {
      until: 'in_review',
      onEvent: () => undefined,
    });
    expect(followed).toMatchObject({ state: 'in_review', reached: true });
    expect(seqs(followed.events)).toEqual([1]);
  });

  test.each([
    ['rolled_back', undefined, false],
    ['completed', 'listed', false],
    ['rolled_back', 'rolled_back', true],
  ] as const)(
    'a release that ends as %s while waiting for %s: reached is %s',
    async (end, until, reached) => {
      scripts = [
        [line(event(1, 'alert', 'x')), state('state', end), line(event(2, 'state', 'y')), state('end', end)],
      ];
      const followed = await follow(client(), 'release:a@1.0.0', { until, onEvent: () => undefined });
      expect(followed).toMatchObject({ state: end, reached });
      expect(seqs(followed.events)).toEqual([1, 2]);
    },
  );
});

describe('a line of the timeline', () => {
  test('has time, sign and sentence, and carries no control character of what it quotes', () => {
    const out: string[] = [];
    const stream = { write: (text: string) => out.push(text) };
    const terminal = createTerminal({ env: {}, stdout: stream, stderr: stream });
    drawEvent(terminal, event(1, 'alert', 'It \u001b[2Jfailed\u0007.'));
    expect(out.join('')).toMatch(/^\d\d:\d\d:\d\d {2}✖ It failed\.\n$/);
  });

  test('is coloured where a person watches, unless NO_COLOR is set', () => {
    const draw = (env: Record<string, string>): string => {
      const out: string[] = [];
      const stream = { write: (text: string) => out.push(text), isTTY: true };
      drawEvent(createTerminal({ env, stdout: stream, stderr: stream }), event(1, 'alert', 'Failed.'));
      return out.join('');
    };
    const escape = String.fromCharCode(27);
    expect(draw({})).toContain(escape);
    expect(draw({ NO_COLOR: '1' })).not.toContain(escape);
  });
});

describe('watching a release that does not end', () => {
  const address = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const watch = (args: string[]) =>
    runCli(['watch', 'com.example.notes@1.0.0', ...args], {
      cwd: temporaryFolder('watch'),
      env: { PX_MARKETPLACE_API_URL: address(), PX_MARKETPLACE_TOKEN: 't' },
    });

  test('ends after the time that is given, with a status of its own, and says where the release stands', async () => {
    const view = release({ state: 'in_review' });
    server.removeAllListeners('request');
    server.on('request', (request, response) => {
      if (request.url?.endsWith('/events')) {
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.write(line(event(1, 'state', 'Waiting for a reviewer.', { to: 'in_review' })));
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(view));
    });
    const { exit, out, err } = await watch(['--timeout', '300ms']);
    expect(exit).toBe(6);
    expect(out).toContain('Waiting for a reviewer.');
    expect(err).toContain('WATCH_TIMEOUT  com.example.notes@1.0.0 is still in_review after 300 ms.');
  });

  test.each(['soon', '0s', '30d'])('takes no time such as %s', async (given) => {
    const { exit, err } = await watch(['--timeout', given]);
    expect([exit, err]).toEqual([2, expect.stringContaining('such as 90s, 2h or 3d')]);
  });
});
