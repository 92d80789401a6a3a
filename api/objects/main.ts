import { createServer, type Server } from 'node:http';
import path from 'node:path';
import pino from 'pino';
import { createFilesystemStore } from '../../adapters/objects/filesystem/store';
import { DAY, HOUR, MINUTE } from '../../core/duration';
import { closeServer, onEndRequest } from '../../platform/server/end';
import { listen } from '../../platform/server/listen';
import { createObjectsApp } from './app';
import { objectServerConfig } from './config';

async function main(): Promise<void> {
  const config = objectServerConfig(process.env);
  const logger = pino({ name: 'objects', level: config.logLevel });
  // This process only verifies URLs, so it needs no public address of its own.
  const objects = createFilesystemStore({
    dir: path.resolve(config.dir),
    publicUrl: '',
    secret: config.secret,
  });
  const sweep = () => objects.sweep(new Date(Date.now() - DAY));
  const removed = await sweep();
  setInterval(() => {
    sweep().catch((err: unknown) => logger.warn({ err }, 'what broken uploads left could not be removed'));
  }, HOUR).unref();
  const app = createObjectsApp({ objects, secret: config.secret, now: () => new Date(), logger });
  const server = await listen(setTimeouts(createServer(app)), config);
  logger.info({ address: server.address(), removed }, 'the object store is listening');
  // Parts that are cut are sent again by their author.
  onEndRequest(config, () => void closeServer(server).then(() => logger.info('the object store has ended')));
}

/** A part over a slow connection takes long; its headers do not. */
function setTimeouts(server: Server): Server {
  server.requestTimeout = 30 * MINUTE;
  server.headersTimeout = MINUTE / 2;
  return server;
}

main().catch((error: unknown) => {
  pino({ name: 'objects' }).fatal(error, 'the object store did not start');
  process.exitCode = 1;
});
