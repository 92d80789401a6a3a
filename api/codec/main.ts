import { createServer } from 'node:http';
import pino from 'pino';
import { MINUTE, SECOND } from '../../core/duration';
import { closeServer, onEndRequest } from '../../platform/server/end';
import { listen } from '../../platform/server/listen';
import { createCodecApp } from './app';
import { codecConfig } from './config';

async function main(): Promise<void> {
  const config = codecConfig(process.env);
  const logger = pino({ name: 'codec', level: config.logLevel });
  const server = createServer(createCodecApp(config, logger));
  server.requestTimeout = MINUTE / 2;
  server.headersTimeout = 10 * SECOND;
  await listen(server, config);
  logger.info({ address: server.address(), uiOrigin: config.uiOrigin }, 'the codec endpoint is listening');
  onEndRequest(
    config,
    () => void closeServer(server).then(() => logger.info('the codec endpoint has ended')),
  );
}

main().catch((error: unknown) => {
  pino({ name: 'codec' }).fatal(error, 'the codec endpoint did not start');
  process.exitCode = 1;
});
