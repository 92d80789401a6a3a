import pino, { type Logger } from 'pino';
import { Registry, collectDefaultMetrics } from 'prom-client';
import { connect } from '../../adapters/db/connect';
import { SECOND } from '../../core/duration';
import { getErrorMessage } from '../../core/errors/thrown';
import { repeat } from '../../platform/repeat';
import { closeServer, onEndRequest } from '../../platform/server/end';
import { createHealthServer } from '../../platform/server/healthServer';
import { listen } from '../../platform/server/listen';
import { NotReady } from '../../platform/server/readiness';
import { defaultLifetimes } from '../roles';
import { signerConfig, type SignerConfig } from './config';
import { createSigner, type Signer } from './signer';

/** How long after a failure the signer looks again. */
const RETRY_MS = SECOND;

/** How the last look ended; undefined before the first. */
interface Standing {
  failure?: string | undefined;
}

/** Signs what the rows say until it is asked to end. */
async function main(): Promise<void> {
  const config = signerConfig(process.env);
  const logger = pino({ name: 'signer', level: config.logLevel });
  const ending = new AbortController();
  onEndRequest(config, (why) => {
    logger.info({ why }, 'the signer was asked to end');
    ending.abort();
  });
  await serve(config, logger, ending.signal);
  logger.info('the signer has ended');
}

async function serve(config: SignerConfig, logger: Logger, signal: AbortSignal): Promise<void> {
  const db = connect(config.databaseUrl, { applicationName: 'spillway-signer', poolSize: 3 });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  let standing: Standing = { failure: 'nothing was looked at yet' };
  const health = createHealthServer(registry, {
    postgres: () => db.raw('select 1'),
    signing: async () => {
      if (standing.failure !== undefined) throw new NotReady('nothing can be signed; its log says why');
    },
  });
  await listen(health, config);
  logger.info({ address: health.address() }, 'the signer answers health checks');
  const { keys, checkMs, pollMs } = config;
  const signer = createSigner({ db, keys, checkMs, lifetimes: defaultLifetimes, now: () => new Date() });
  try {
    await repeat(signal, async () => {
      const before = standing;
      standing = await lookOnce(signer, logger);
      if (standing.failure !== undefined && standing.failure !== before.failure)
        logger.warn({ reason: standing.failure }, 'nothing is signed; looking again');
      return standing.failure === undefined ? pollMs : RETRY_MS;
    });
  } finally {
    await closeServer(health, 0);
    await db.destroy();
  }
}

async function lookOnce(signer: Signer, logger: Logger): Promise<Standing> {
  try {
    const signed = await signer.look();
    if (signed && signed.length > 0) logger.info({ files: signed.slice(0, 20) }, 'signed');
    return {};
  } catch (error) {
    return { failure: getErrorMessage(error) };
  }
}

main().catch((error: unknown) => {
  pino({ name: 'signer' }).fatal({ reason: getErrorMessage(error) }, 'the signer did not start');
  process.exitCode = 1;
});
