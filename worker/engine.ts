import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { taskQueues } from '../core/ids';
import type { TemporalConfig } from '../adapters/settings/temporal';
import type { WorkerConfig } from './config';
import { temporalLogger } from './logger';
import { waitForComponent, type LoopContext } from './waitForComponent';
import { NotReady } from '../platform/server/readiness';
import { ensureSearchAttributes } from './searchAttributes';

/** Workflows kept warm between tasks; the rest is replayed from history, which costs time but no memory. */
const CACHED_WORKFLOWS = 100;
/** Activities at a time: enough for waiting ones, few enough for packages of hundreds of megabytes. */
const ACTIVITIES_AT_ONCE = 20;

/** What of the engine is there so far; readiness tells of it. */
export interface Engine {
  connection?: NativeConnection;
  worker?: Worker;
}

/** Connects and polls until `signal` says stop; running activities are given time to finish. */
export async function runEngine(
  config: WorkerConfig,
  engine: Engine,
  activities: object,
  context: LoopContext,
): Promise<void> {
  const { logger, signal } = context;
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const connection = await waitForComponent('temporal', () => connectTemporal(config.temporal), context);
  engine.connection = connection;
  // A cluster that manages its attributes by other means refuses; its workflows run all the same.
  await ensureSearchAttributes(connection, config.temporal.namespace).catch((error: unknown) => {
    logger.warn({ reason: (error as Error).message }, 'search attributes could not be added');
  });
  const worker = await waitForComponent(
    'worker',
    () => createWorker(config, connection, activities),
    context,
  );
  engine.worker = worker;
  signal.throwIfAborted();
  signal.addEventListener('abort', () => worker.shutdown(), { once: true });
  logger.info({ taskQueue: worker.options.taskQueue }, 'the worker is polling');
  await worker.run();
}

/** @throws Error while Temporal cannot be reached */
export async function askTemporal({ connection }: Engine): Promise<void> {
  if (!connection) throw new NotReady('not connected yet');
  await connection.workflowService.getSystemInfo({});
}

export async function closeEngine({ connection }: Engine): Promise<void> {
  await connection?.close();
}

function connectTemporal({ address, apiKey, tls }: TemporalConfig): Promise<NativeConnection> {
  return NativeConnection.connect({
    address,
    tls: tls === false ? null : tls,
    ...(apiKey ? { apiKey } : {}),
  });
}

/** A worker for the release task queue, not running yet. */
async function createWorker(
  config: WorkerConfig,
  connection: NativeConnection,
  activities: object,
): Promise<Worker> {
  return Worker.create({
    connection,
    namespace: config.temporal.namespace,
    taskQueue: taskQueues.release,
    activities,
    ...workflowsOf(config),
    workerDeploymentOptions: {
      version: { deploymentName: 'spillway', buildId: await buildIdOf(config) },
      useWorkerVersioning: false,
    },
    shutdownGraceTime: config.shutdownGraceMs,
    shutdownForceTime: 2 * config.shutdownGraceMs,
    maxCachedWorkflows: CACHED_WORKFLOWS,
    maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE,
    workflowThreadPoolSize: 1,
    reuseV8Context: true,
  });
}

/** In development the workflows are bundled at the start, which takes seconds and some memory. */
const workflowsOf = ({ workflowBundle }: WorkerConfig) =>
  workflowBundle
    ? { workflowBundle: { codePath: path.resolve(workflowBundle) } }
    : { workflowsPath: path.resolve(__dirname, '../workflows') };

/** Which code this is, for whoever looks at the workers in the Temporal UI. */
async function buildIdOf({ buildId, workflowBundle }: WorkerConfig): Promise<string> {
  if (buildId) return buildId;
  if (!workflowBundle) return 'development';
  return createHash('sha256')
    .update(await readFile(workflowBundle))
    .digest('hex')
    .slice(0, 12);
}
