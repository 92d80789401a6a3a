import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startDevServer, type DevServer } from '../support/servers/devServer';

let folder: string;
let server: DevServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-temporal-http-'));
  server = await startDevServer(folder);
});
afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a web page that posts to the development server from another origin gets 403 and starts nothing', async () => {
  const workflow = `${server.httpUrl}/api/v1/namespaces/default/workflows/attack`;
  const posted = await fetch(workflow, {
    method: 'POST',
    headers: { origin: 'https://attacker.example', 'content-type': 'text/plain' },
    body: JSON.stringify({ workflowType: { name: 'release' }, taskQueue: { name: 'spillway-release' } }),
  });
  expect(posted.status).toBe(403);
  expect((await fetch(workflow)).status).toBe(403);
});
