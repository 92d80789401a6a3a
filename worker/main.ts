import { Registry, collectDefaultMetrics } from 'prom-client';
import { connect } from '../adapters/db/connect';
import { createObjectStore } from '../adapters/objects/create';
import { closeServer, onEndRequest } from '../platform/server/end';
import { createHealthServer } from '../platform/server/healthServer';
import { listen } from '../platform/server/listen';
import { workerConfig, type WorkerConfig } from './config';
import { keepContained, watchContainment } from './containment';
import { createCheckers, createEffects, createNotifiers, createWorkerTrial } from './effects';
import { askTemporal, closeEngine, requireRunning, runEngine, type Engine } from './engine';
import { createLogger } from './logger';
import { pumpOutbox } from './outboxPump';
import { requirePrograms } from './programs';
import { keepReconciled } from './reconciler/loop';
import { followRestrictions } from './restrictions';
import { keepRetention } from './retention';
import { createRetryWatch } from './retries';
import { createSilenceWatch } from './silence';
import { keepUploadsSwept } from './uploadSweep';
import { waitForComponent, type LoopContext } from './waitForComponent';

/**
 * Carries out releases until it is asked to end. Components may start later than this process, or
 * be restarted meanwhile: it waits for them, and says on `/readyz` for which.
 */
async function main(): Promise<void> {
  const config = workerConfig(process.env);
  await requirePrograms(config);
  const logger = createLogger(config.logLevel);
  const ending = new AbortController();
  onEndRequest(config, (why) => {
    logger.info({ why }, 'the worker was asked to end');
    ending.abort(new Error(why));
  });
  try {
    await work(config, { logger, signal: ending.signal });
  } catch (error) {
    if (!ending.signal.aborted) {
      logger.fatal({ err: error }, 'the worker has failed');
      process.exitCode = 1;
    }
  }
  logger.info('the worker has ended');
}

async function work(config: WorkerConfig, { logger, signal }: LoopContext): Promise<void> {
  // What runs beside the engine ends with it, also when the engine fails.
  const beside = new AbortController();
  const context = { logger, signal: AbortSignal.any([signal, beside.signal]) };
  const db = connect(config.databaseUrl, { applicationName: 'spillway-worker', poolSize: 10 });
  const objects = await createObjectStore(config.objects);
  const engine: Engine = {};
  const trial = createWorkerTrial(config);
  const checkers = createCheckers(config);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const containment = watchContainment(trial, { db, registry });
  const health = createHealthServer(registry, {
    postgres: () => db.raw('select 1'),
    objects: () => objects.health(),
    temporal: () => askTemporal(engine),
    worker: async () => requireRunning(engine),
    sandbox: () => containment.describe(),
  });
  await listen(health, config);
  logger.info({ address: health.address() }, 'the worker answers health checks');
  try {
    const notifiers = createNotifiers();
    await waitForComponent('postgres', () => db('feed_head').first(), context);
    const pump = pumpOutbox(db, notifiers, context);
    const sweep = keepRetention(db, context);
    const uploads = keepUploadsSwept({ db, objects }, context);
    const { temporal, reconcileEveryMs: everyMs } = config;
    const reconciling = { db, temporal, registry, everyMs };
    const order = keepReconciled({ ...reconciling, findConnection: () => engine.connection }, context);
    const restrictions = followRestrictions(db, context);
    const contained = await containment.atStart;
    const sandbox = keepContained(containment, context);
    logger[contained.strength === 'strong' ? 'info' : 'warn'](
      contained,
      'how trial installations are contained',
    );
    const onRetried = createRetryWatch(registry, logger);
    const onSilence = createSilenceWatch(registry, logger);
    const parts = { db, objects, notifiers, logger, trial, checkers, onRetried, onSilence };
    const effects = createEffects(config, parts, contained);
    await runEngine(config, engine, effects, context);
    beside.abort();
    await Promise.all([pump, sweep, uploads, order, restrictions, sandbox]);
  } finally {
    beside.abort();
    checkers.close();
    await closeServer(health, 0);
    await closeEngine(engine);
    await db.destroy();
  }
}

main()
  .catch((error: unknown) => {
    createLogger('info').fatal({ reason: (error as Error).message }, 'the worker did not start');
    process.exitCode = 1;
  })
  // The engine's native threads hold the process open when it is ended while it starts.
  .finally(() => process.exit());
