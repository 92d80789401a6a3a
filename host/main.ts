import { createServer, type Server } from 'node:http';
import pino, { type Logger } from 'pino';
import { Refusal } from '../core/errors/errors';
import { createAdminApp } from './admin/app';
import { readConfig, type HostConfig } from './config';
import { lockFolder } from './disk/folderLock';
import { createHost } from './host';
import { hostLayout } from './disk/layout';
import { connectMarketplace } from './marketplace/marketplace';

const now = () => new Date();

async function listen(server: Server, { port, host }: HostConfig['listen']): Promise<void> {
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, host, () => resolve()),
  );
}

async function run(config: HostConfig, log: Logger): Promise<void> {
  const unlock = await lockFolder(hostLayout(config.folder));
  const marketplace = connectMarketplace(config.marketplace);
  const host = await createHost({ config, marketplace, log, now, random: Math.random });
  const server = createServer(createAdminApp(host, log, now));
  await listen(server, config.listen);
  log.info({ address: server.address(), folder: config.folder, tenantId: config.tenantId }, 'host listens');
  endWith(config, server, unlock, log);
  await host.start();
  log.info('host follows the feed');
}

/**
 * Ends at once when asked to: jobs are left where they are, and taken up at the next start just as
 * after a crash, so that there is one way back and not two.
 */
function endWith(config: HostConfig, server: Server, unlock: () => Promise<void>, log: Logger): void {
  let ending = false;
  const end = (why: string) => {
    if (ending) return;
    ending = true;
    log.info({ why }, 'host ends');
    server.close();
    void unlock().finally(() => process.exit(0));
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  process.once('SIGINT', () => end('SIGINT'));
  if (!config.exitWithParent) return;
  process.stdin.on('end', () => end('the parent has ended')).on('error', () => end('the parent has ended'));
  process.stdin.resume();
}

function fail(log: Logger, error: unknown): void {
  if (error instanceof Refusal) log.fatal({ problems: error.problems }, error.message);
  else log.fatal({ err: error }, 'the host could not start');
  process.exitCode = 1;
  // Nothing may linger: a supervisor waits for the end to start the host again.
  setTimeout(() => process.exit(1), 100).unref();
}

const bootLog = pino({ name: 'host' });
try {
  const config = readConfig(process.env);
  const log = pino({ name: 'host', level: config.logLevel, base: { tenantId: config.tenantId } });
  run(config, log).catch((error: unknown) => fail(log, error));
} catch (error) {
  fail(bootLog, error);
}
