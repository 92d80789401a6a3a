import { createServer } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import pino from 'pino';
import { connect } from '../adapters/db/connect';
import { createWakeups } from '../adapters/db/releases/wakeups';
import { createDataConverter } from '../adapters/temporal/codec';
import { explainUnreachable } from '../adapters/temporal/explain';
import { createObjectStore } from '../adapters/objects/create';
import { closeServer, onEndRequest } from '../platform/server/end';
import { listen } from '../platform/server/listen';
import { createApp } from './app';
import { apiConfig, type ApiConfig } from './config';

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
    temporal: createTemporalClient(config),
    objects: await createObjectStore(config.objects),
    wakeups,
    settings: config.settings,
    logger,
    now: () => new Date(),
    closing: closing.signal,
  });
  const server = await listen(createServer(app), config);
  logger.info({ address: server.address() }, 'the API is listening');
  // Readiness says that Temporal does not answer; the log says which setting of TLS is why.
  void explainUnreachable(config.temporal).then(
    (reason) => reason && logger.error({ reason }, 'Temporal refuses'),
  );
  onEndRequest(config, (why) => {
    logger.info({ why }, 'the API was asked to end');
    closing.abort();
    void closeServer(server).then(async () => {
      await Promise.all([wakeups.close(), db.destroy()]);
      logger.info('the API has ended');
      // The engine's client is not closed but left: a repetition that it has scheduled would throw.
      process.exit(0);
    });
  });
}

const createTemporalClient = (config: ApiConfig): Client =>
  new Client({
    connection: temporalConnection(config),
    namespace: config.temporal.namespace,
    dataConverter: createDataConverter(config.temporal.payloadKeys),
  });

/** Lazy: it connects with the first call, and again whenever the server is back. */
const temporalConnection = ({ temporal }: ApiConfig): Connection =>
  Connection.lazy({
    address: temporal.address,
    tls: temporal.tls === false ? null : temporal.tls,
    ...(temporal.apiKey ? { apiKey: temporal.apiKey } : {}),
  });

main().catch((error: unknown) => {
  pino({ name: 'api' }).fatal(error, 'the API did not start');
  process.exitCode = 1;
});
