import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { launch } from '../../platform/processes/child';
import { isAlive } from '../../platform/processes/identity';
import { freePort, isPortFree } from '../../platform/processes/ports';
import { plainProgress } from '../../infra/terminal/progress';
import { waitUntilReady } from '../../platform/processes/ready';
import { run } from '../../platform/processes/run';

const HOST = '127.0.0.1';
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-processes-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a child process', () => {
  const command = (script: string) => ({
    file: process.execPath,
    args: ['-e', script],
    env: { PATH: process.env.PATH },
    logFile: path.join(folder, 'child.log'),
    stopSignal: 'SIGTERM' as const,
    endsWithParent: true,
  });

  test('that does not listen to the polite signal is ended by the hard one', async () => {
    const child = await launch(command("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)"));
    await new Promise((resolve) => setTimeout(resolve, 200));
    await child.stop(100);
    expect(await child.exited).toBe('was ended by SIGKILL');
    expect(isAlive(child.identity)).toBe(false);
  });

  test('that cannot be started is an error', async () => {
    await expect(launch({ ...command(''), file: path.join(folder, 'missing') })).rejects.toThrow(
      'could not be started',
    );
  });

  test('counts as not ready as soon as it has ended, and the reason says how', async () => {
    const child = await launch(command('process.exit(3)'));
    const probe = (): Promise<void> => Promise.reject(new Error('refused'));
    const readiness = await waitUntilReady({ probe, deadlineMs: 10_000, ended: child.exited });
    expect(readiness).toEqual({ ready: false, reason: 'ended with status 3' });
  });
});

test('a health check that never passes ends at its deadline with the last reason', async () => {
  const readiness = await waitUntilReady({
    probe: () => Promise.reject(new Error('answered 503')),
    deadlineMs: 60,
  });
  expect(readiness).toMatchObject({ ready: false, reason: expect.stringContaining('answered 503') });
});

test('a command that fails shows the end of what it wrote', async () => {
  const promise = run(process.execPath, ['-e', 'console.error("no such module"); process.exit(2)']);
  await expect(promise).rejects.toThrow(/status 2\nno such module/);
});

test('ports are chosen free, and outside those that outgoing connections get', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  expect(await isPortFree(HOST, (server.address() as AddressInfo).port)).toBe(false);
  await new Promise((resolve) => server.close(resolve));
  const port = await freePort(HOST);
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_000);
});

describe('progress in a log file', () => {
  test('is plain lines without control characters, whatever a command prints', async () => {
    const lines: string[] = [];
    const escape = String.fromCharCode(27);
    await plainProgress((line) => void lines.push(line)).steps([
      {
        title: 'Server',
        run: async (say): Promise<void> => say(`${escape}[32m50 %${escape}[0m\r${escape}[2K`),
      },
    ]);
    expect(lines).toEqual(['  Server: 50 %', expect.stringMatching(/^ok {3}Server \(\d+\.\d s\)$/)]);
  });

  test('names the step that failed and why, and waits for the others', async () => {
    const lines: string[] = [];
    const steps = plainProgress((line) => void lines.push(line)).steps(
      [
        { title: 'Broken', run: () => Promise.reject(new Error('no disk')) },
        { title: 'Whole', run: async () => 'Whole · here' },
      ],
      { concurrent: true },
    );
    await expect(steps).rejects.toThrow('no disk');
    expect(lines.some((line) => /^FAIL Broken .*no disk/.test(line))).toBe(true);
    expect(lines.some((line) => line.startsWith('ok   Whole · here'))).toBe(true);
  });
});
