import { createServer, type Server } from 'node:http';
import pino, { type Logger } from 'pino';
import { Refusal } from '../core/errors/errors';
import type { Lock } from '../platform/lock';
import { onEndRequest } from '../platform/server/end';
import { listen } from '../platform/server/listen';
import { createAdminApp } from './admin/app';
import { readConfig, type HostConfig } from './config';
import { describeContainment } from './sandbox/describe';
import { detectSandbox } from './sandbox/detect';
import { lockFolder } from './disk/folderLock';
import { createHost } from './host';
import { hostLayout } from './disk/layout';
import { connectMarketplace } from './marketplace/marketplace';

const now = () => new Date();

async function run(config: HostConfig, log: Logger): Promise<void> {
  const lock = await lockFolder(hostLayout(config.folder));
  const marketplace = connectMarketplace(config.marketplace);
  const containment = await detectSandbox({ PATH: process.env.PATH, SPILLWAY_BUBBLEWRAP: config.bubblewrap });
  const { driver, strength } = containment.sandbox;
  log[strength === 'strong' ? 'info' : 'warn']({ driver, strength }, describeContainment(containment));
  const host = await createHost({ config, marketplace, log, now, random: Math.random, containment });
  const server = createServer(createAdminApp(host, log, now));
  await listen(server, config.process);
  log.info({ address: server.address(), folder: config.folder, tenantId: config.tenantId }, 'host listens');
  endWhenAsked(config, server, lock, log);
  await host.start();
  log.info('host follows the feed');
}

/**
 * Ends at once when asked to: jobs are left where they are, and taken up at the next start just as
 * after a crash, so that there is one way back and not two.
 */
function endWhenAsked(config: HostConfig, server: Server, lock: Lock, log: Logger): void {
  onEndRequest(config.process, (why) => {
    log.info({ why }, 'host ends');
    server.close();
    void lock.release().finally(() => process.exit(0));
  });
}

function fail(log: Logger, error: unknown): void {
  if (error instanceof Refusal) log.fatal({ problems: error.problems }, error.message);
  else log.fatal({ err: error }, 'the host could not start');
  process.exitCode = 1;
  // Nothing may linger: a supervisor waits for the end to start the host again.
  setTimeout(() => process.exit(1), 100).unref();
}

/** Says how plugins are contained here, without starting a host. */
async function doctor(): Promise<void> {
  const containment = await detectSandbox(process.env);
  process.stdout.write(`${describeContainment(containment)}\n`);
  process.exitCode = containment.sandbox.strength === 'strong' ? 0 : 1;
}

function start(): void {
  const config = readConfig(process.env);
  const log = pino({ name: 'host', level: config.process.logLevel, base: { tenantId: config.tenantId } });
  run(config, log).catch((error: unknown) => fail(log, error));
}

const bootLog = pino({ name: 'host' });
try {
  if (process.argv[2] === 'doctor') void doctor().catch((error: unknown) => fail(bootLog, error));
  else start();
} catch (error) {
  fail(bootLog, error);
}
