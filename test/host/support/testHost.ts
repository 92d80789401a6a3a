import { createServer } from 'node:http';
import { readFile, readlink } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import pino from 'pino';
import { createAdminApp } from '../../../host/admin/app';
import { readConfig } from '../../../host/config';
import { createHost, type Host } from '../../../host/host';
import { detectSandbox } from '../../../host/sandbox/detect';
import { connectMarketplace } from '../../../host/marketplace/marketplace';
import { PLUGIN } from '../../support/builders/manifest';
import type { TestMarketplace } from '../../support/fakes/marketplace';

const ADMIN_TOKEN = 'host_admin_token_0123456789';
const now = () => new Date();

/** The environment of a host process that talks to the test's marketplace. */
export const environmentFor = (
  marketplace: Pick<TestMarketplace, 'url' | 'token'>,
  folder: string,
  more: Record<string, string> = {},
) => ({
  PORT: '0',
  LOG_LEVEL: 'info',
  SPILLWAY_API_URL: marketplace.url,
  SPILLWAY_TENANT_ID: 'acme',
  SPILLWAY_TENANT_TOKEN: marketplace.token,
  SPILLWAY_HOST_DIR: folder,
  SPILLWAY_HOST_ADMIN_TOKEN: ADMIN_TOKEN,
  SPILLWAY_POLL_SECONDS: '1',
  SPILLWAY_TRUST_UNSIGNED: '1',
  SPILLWAY_SUBSCRIPTIONS: PLUGIN,
  ...more,
});

export interface TestHost {
  host: Host;
  url: string;
  logs: string[];
  /** A request to the admin API with the token. */
  admin(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; body: never }>;
  stop(): Promise<void>;
}

/** A host inside the test's process: the same wiring as main, a real port, real files. */
export async function startHost(
  marketplace: TestMarketplace,
  folder: string,
  more: Record<string, string> = {},
): Promise<TestHost> {
  const config = readConfig(environmentFor(marketplace, folder, more));
  const logs: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void logs.push(line) });
  const connected = connectMarketplace(config.marketplace);
  const containment = await detectSandbox(process.env);
  const host = await createHost({ config, marketplace: connected, log, now, random: () => 0, containment });
  const server = createServer(createAdminApp(host, log, now));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await host.start();
  return {
    host,
    url,
    logs,
    admin: (method, address, body, token = ADMIN_TOKEN) => call(`${url}${address}`, method, body, token),
    async stop() {
      await host.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

export async function call(url: string, method: string, body?: unknown, token = ADMIN_TOKEN) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as never };
}

export const activeIn = async (folder: string, pluginId = PLUGIN): Promise<string | null> =>
  readlink(path.join(folder, 'plugins', pluginId, 'active')).then(
    (target) => path.basename(target),
    () => null,
  );

/** Versions whose health check ran, as the plugin's own data remember them. */
export const rememberedIn = async (folder: string, pluginId = PLUGIN): Promise<string[]> =>
  readFile(path.join(folder, 'plugins', pluginId, 'data', 'state.json'), 'utf8').then(
    (text) => (JSON.parse(text) as { versions: string[] }).versions,
    () => [],
  );
