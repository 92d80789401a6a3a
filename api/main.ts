import { createServer, type Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import pino, { type Logger } from 'pino';
import { connect } from '../adapters/db/connect';
import { createWakeups } from '../adapters/db/releases/wakeups';
import { ensureToken } from '../adapters/db/identity/tokens';
import { createObjectStore } from '../adapters/objects/create';
import { defaultScopes } from '../core/access';
import { createApp } from './app';
import { apiConfig, type ApiConfig } from './config';

/** How long open requests may go on once the process was asked to end. */
const GRACE_MS = 10_000;
const LONGEST_PAUSE_MS = 5_000;

/** Answers from the first moment on; what it needs may come later, and `/readyz` says when it is there. */
async function main(): Promise<void> {
  const config = apiConfig(process.env);
  const logger = pino({ name: 'api', level: config.logLevel });
  const closing = new AbortController();
  const db = connect(config.databaseUrl, { applicationName: 'spillway-api' });
  const wakeups = createWakeups(config.databaseUrl, (error) => {
    logger.warn({ err: error }, 'live timelines are polled until the database answers again');
  });
  const app = createApp({
    db,
    temporal: new Client({ connection: temporalConnection(config), namespace: config.temporal.namespace }),
    objects: await createObjectStore(config.objects),
    wakeups,
    settings: config.settings,
    logger,
    now: () => new Date(),
    closing: closing.signal,
  });
  const server = await listen(createServer(app), config);
  logger.info({ address: server.address() }, 'the API is listening');
  endGracefully(server, config.exitWithParent, closing, async () => {
    await Promise.all([wakeups.close(), db.destroy()]);
    logger.info('the API has ended');
    // The engine's client is not closed but left: a repetition that it has scheduled would throw.
    process.exit(0);
  });
  await admitOperator(db, config.adminToken, logger, closing.signal);
}

/** Lazy: it connects with the first call, and again whenever the server is back. */
const temporalConnection = ({ temporal }: ApiConfig): Connection =>
  Connection.lazy({
    address: temporal.address,
    tls: temporal.tls === false ? null : temporal.tls,
    ...(temporal.apiKey ? { apiKey: temporal.apiKey } : {}),
  });

function listen(server: Server, { port, host }: ApiConfig): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

/** Makes the operator's token of the settings valid, as soon as the database takes it. */
async function admitOperator(
  db: Knex,
  token: string | undefined,
  logger: Logger,
  closing: AbortSignal,
): Promise<void> {
  if (token === undefined) return;
  const operator = { kind: 'operator' as const, id: 'admin', scopes: [...defaultScopes.operator] };
  for (let pause = 250; !closing.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await ensureToken(db, token, operator, new Date());
    } catch (error) {
      // Not the error itself: a failed statement quotes its values.
      logger.warn({ code: (error as { code?: string }).code }, 'the operator waits for the database');
      await sleep(pause, undefined, { signal: closing }).catch(() => undefined);
    }
  }
}

function endGracefully(
  server: Server,
  withParent: boolean,
  closing: AbortController,
  release: () => Promise<void>,
): void {
  const end = () => {
    if (closing.signal.aborted) return;
    closing.abort();
    server.close(() => void release());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
    process.stdin.pause();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (withParent) process.stdin.once('end', end).resume();
}

main().catch((error: unknown) => {
  pino({ name: 'api' }).fatal(error, 'the API did not start');
  process.exitCode = 1;
});
