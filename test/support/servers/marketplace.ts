import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import pino from 'pino';
import { admitSettingsToken } from '../../../adapters/db/identity/settingsToken';
import { createWakeups } from '../../../adapters/db/releases/wakeups';
import { createApp } from '../../../api/app';
import type { ApiSettings } from '../../../api/config';
import type { TaskQueue } from '../../../core/ids';
import { defaultScopes } from '../../../core/access';
import { createClient, type Client as Sdk } from '../../../sdk/client';
import type { ClientOptions } from '../../../sdk/http/options';
import { createDatabase } from './database';
import { createNamespace } from './namespace';
import { openObjectServer, type ObjectServer } from './objectServer';
import { runWorker } from './worker';

/** The API on real servers, reachable over HTTP, with a worker where a test asks for one. */
export interface Marketplace {
  url: string;
  /** As the owner of the database, for what tests put there and look at; API and worker have roles of their own. */
  db: Knex;
  databaseUrl: string;
  temporal: Client;
  /** Where a worker finds the workflow engine. */
  engine: { address: string; namespace: string };
  objects: ObjectServer;
  operatorToken: string;
  /** Everything that the API logged, line by line. */
  logLines(): string[];
  sdk(token?: string, options?: Partial<ClientOptions>): Sdk;
  /** A second process of the same API would be this: another app over the same servers. */
  openSecondApi(settings?: Partial<ApiSettings>): Promise<ApiServer>;
  startWorker(queues?: readonly TaskQueue[]): Promise<void>;
  stop(): Promise<void>;
}

interface ApiServer {
  url: string;
  close(): Promise<void>;
}

const createSettings = (over: Partial<ApiSettings> = {}): ApiSettings => ({
  tenantPrefix: '/api/v1',
  temporalUi: null,
  uploadUrlLifetimeMs: 600_000,
  downloadUrlLifetimeMs: 600_000,
  pollSeconds: { idle: 60, active: 2 },
  publishPerMinute: 10_000,
  writesPerMinute: 10_000,
  packagesPerMinute: 10_000,
  anonymousPerMinute: 100_000,
  trustedProxies: [],
  webDir: undefined,
  workflowTimeoutMs: 20_000,
  ...over,
});

export async function openMarketplace(over: Partial<ApiSettings> = {}): Promise<Marketplace> {
  const [database, objects, { address, namespace }] = await Promise.all([
    createDatabase(),
    openObjectServer(),
    createNamespace(),
  ]);
  const db = database.knex;
  const connection = await Connection.connect({ address });
  const temporal = new Client({ connection, namespace });
  const operatorToken = `spwops_${randomBytes(32).toString('base64url')}`;
  const operator = { kind: 'operator' as const, id: 'admin', scopes: [...defaultScopes.operator] };
  await admitSettingsToken(db, operatorToken, operator, new Date());
  const lines: string[] = [];
  const closers: (() => Promise<unknown>)[] = [];
  const openSecondApi = async (settings: Partial<ApiSettings> = over): Promise<ApiServer> => {
    const server = await listen(
      { db: database.api, temporal, objects, databaseUrl: database.apiUrl, lines },
      createSettings(settings),
    );
    closers.push(server.close);
    return server;
  };
  const { url } = await openSecondApi();
  return {
    ...{ url, db, databaseUrl: database.url, temporal, objects, operatorToken, openSecondApi },
    engine: { address, namespace },
    logLines: () => lines.flatMap((chunk) => chunk.split('\n')).filter(Boolean),
    sdk: (token, options = {}) =>
      createClient({ baseUrl: url, retries: 2, ...(token ? { token } : {}), ...options }),
    async startWorker(queues) {
      const servers = { db: database.worker, objects, address, namespace };
      closers.push(await runWorker({ ...servers, ...(queues ? { queues } : {}) }));
    },
    async stop() {
      for (const close of closers.reverse()) await close();
      await Promise.all([connection.close(), objects.close()]);
      await database.drop();
    },
  };
}

interface Behind {
  db: Knex;
  temporal: Client;
  objects: ObjectServer;
  databaseUrl: string;
  lines: string[];
}

async function listen(behind: Behind, settings: ApiSettings): Promise<ApiServer> {
  const sink = new Writable({
    write: (chunk, _encoding, done) => (behind.lines.push(String(chunk)), done()),
  });
  const logger = pino({ level: 'debug' }, sink);
  const closing = new AbortController();
  const wakeups = createWakeups(behind.databaseUrl, (err) => logger.warn({ err }));
  const app = createApp({
    db: behind.db,
    temporal: behind.temporal,
    objects: behind.objects.objects,
    wakeups,
    settings,
    logger,
    now: () => new Date(),
    closing: closing.signal,
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      closing.abort();
      await wakeups.close();
      await closeServer(server);
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
