import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../../support/waiting';

const dir = mkdtempSync(path.join(tmpdir(), 'spillway-objects-'));
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

const settings = { PORT: '0', SPILLWAY_OBJECTS_DIR: dir, SPILLWAY_OBJECTS_SECRET: 's'.repeat(32) };

/** The server as its own process, as an operator or the stack starts it. */
function startServer(environment: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/objects/main.ts'], {
    cwd: path.join(__dirname, '../../..'),
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => output, exited };
}

async function listening(server: ReturnType<typeof startServer>): Promise<string> {
  const port = await until('the port of the server', () => /"port":(\d+)/.exec(server.output())?.[1], {
    giveUp: () => (server.child.exitCode === null ? undefined : server.output()),
  });
  return `http://127.0.0.1:${port}`;
}

describe('The process of the object server', () => {
  test('answers on loopback and ends by itself when it is asked to', async () => {
    const server = startServer(settings);
    const url = await listening(server);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.child.kill('SIGTERM');
    expect(await server.exited).toBe(0);
  });

  test('ends with the process that started it, when told so', async () => {
    const server = startServer({ ...settings, SPILLWAY_EXIT_WITH_PARENT: '1' });
    await listening(server);
    server.child.stdin.end();
    expect(await server.exited).toBe(0);
  });

  test('does not start with settings that are wrong, and names them without their values', async () => {
    const server = startServer({ SPILLWAY_OBJECTS_DIR: dir, SPILLWAY_OBJECTS_SECRET: 'too-short-secret' });
    expect(await server.exited).toBe(1);
    expect(server.output()).toContain('PORT');
    expect(server.output()).toContain('SPILLWAY_OBJECTS_SECRET');
    expect(server.output()).not.toContain('too-short-secret');
  });
});
