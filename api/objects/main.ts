import { createServer, type Server } from 'node:http';
import path from 'node:path';
import pino from 'pino';
import { createFilesystemStore } from '../../adapters/objects/filesystem/store';
import { createObjectsApp } from './app';
import { objectServerConfig, type ObjectServerConfig } from './config';

const DAY = 24 * 60 * 60 * 1000;
const MINUTE = 60 * 1000;

/** How long open requests may go on once the process was asked to end. */
const GRACE = 10_000;

async function main(): Promise<void> {
  const config = objectServerConfig(process.env);
  const logger = pino({ name: 'objects', level: config.logLevel });
  // This process only verifies URLs, so it needs no public address of its own.
  const objects = createFilesystemStore({
    dir: path.resolve(config.dir),
    publicUrl: '',
    secret: config.secret,
  });
  const removed = await objects.sweep(new Date(Date.now() - DAY));
  const app = createObjectsApp({ objects, secret: config.secret, now: () => new Date(), logger });
  const server = await listen(createServer(app), config);
  logger.info({ address: server.address(), removed }, 'the object store is listening');
  endGracefully(server, config.exitWithParent, () => logger.info('the object store has ended'));
}

function listen(server: Server, { port, host }: ObjectServerConfig): Promise<Server> {
  // A part over a slow line takes long; its headers do not.
  server.requestTimeout = 30 * MINUTE;
  server.headersTimeout = MINUTE / 2;
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function endGracefully(server: Server, withParent: boolean, ended: () => void): void {
  const end = () => {
    server.close(ended);
    server.closeIdleConnections();
    // Cut parts are sent again by their author; a process that never ends is worse.
    setTimeout(() => server.closeAllConnections(), GRACE).unref();
    process.stdin.pause();
  };
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  if (withParent) process.stdin.once('end', end).resume();
}

main().catch((error: unknown) => {
  pino({ name: 'objects' }).fatal(error, 'the object store did not start');
  process.exitCode = 1;
});
