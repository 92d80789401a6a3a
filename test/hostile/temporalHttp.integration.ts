import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createHttpHost, devServerCommand, probeTemporal } from '../../infra/temporal/devServer';
import { ensureTool } from '../../infra/tools/install';
import { launch, type Child } from '../../platform/processes/child';
import { freePort } from '../../platform/processes/ports';
import { waitUntilReady } from '../../platform/processes/ready';

const host = '127.0.0.1';
const httpHost = createHttpHost();
let folder: string;
let child: Child;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'spillway-temporal-http-'));
  const { path: program } = await ensureTool('temporal-cli', () => undefined);
  const port = await freePort(host);
  const httpPort = await freePort(host, new Set([port]));
  const logFile = path.join(folder, 'temporal.log');
  child = await launch(
    devServerCommand({ program, host, port, httpPort, httpHost, namespace: 'default', logFile }),
  );
  url = `http://${host}:${httpPort}`;
  const probe = () => probeTemporal(url, 'default', httpHost);
  expect(await waitUntilReady({ probe, deadlineMs: 30_000 })).toEqual({ ready: true });
});
afterAll(async () => {
  await child?.stop(5_000);
  await rm(folder, { recursive: true, force: true });
});

test('a web page that posts to the development server from another origin gets 403 and starts nothing', async () => {
  const posted = await fetch(`${url}/api/v1/namespaces/default/workflows/attack`, {
    method: 'POST',
    headers: { origin: 'https://attacker.example', 'content-type': 'text/plain' },
    body: JSON.stringify({ workflowType: { name: 'release' }, taskQueue: { name: 'spillway-release' } }),
  });
  expect(posted.status).toBe(403);
  expect((await fetch(`${url}/api/v1/namespaces/default/workflows/attack`)).status).toBe(403);
});
