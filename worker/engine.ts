import path from 'node:path';
import { NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import { createDataConverter } from '../adapters/temporal/codec';
import { explainUnreachable } from '../adapters/temporal/explain';
import type { TemporalConfig } from '../adapters/temporal/config';
import type { WorkerConfig } from './config';
import {
  describeUnversioned,
  describeVersion,
  makeCurrent,
  readBuildId,
  supportsDeployments,
} from './deployment';
import { temporalLogger } from './logger';
import { NotReady } from '../platform/server/readiness';
import { ensureSearchAttributes } from './searchAttributes';
import { waitForComponent, type LoopContext } from './waitForComponent';
import { createWorkers, runWorkers, shutDown, type WorkflowOptions } from './workers';

/** Workflows kept warm between tasks; the rest is replayed from history, which costs time but no memory. */
const CACHED_WORKFLOWS = 100;

/** What of the engine is there so far; readiness is derived from it. */
export interface Engine {
  connection?: NativeConnection;
  workers?: readonly Worker[];
  /** Whether the server hands tasks to this build. */
  isCurrent?: boolean;
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
  const buildId = await readBuildId(config);
  const { namespace } = config.temporal;
  const isVersioned = await supportsDeployments(connection, namespace);
  const create = () => createEngineWorkers(config, connection, activities, { buildId, isVersioned });
  const workers = await waitForComponent('worker', create, context);
  engine.workers = workers;
  signal.throwIfAborted();
  signal.addEventListener('abort', () => shutDown(workers), { once: true });
  logger.info({ queues: config.queues, buildId, isVersioned }, 'the worker is polling');
  const running = runWorkers(workers);
  const current =
    isVersioned && config.becomesCurrent
      ? waitForComponent('deployment', () => makeCurrent(connection, namespace, buildId), context)
      : Promise.resolve();
  // An end that was asked for meanwhile shows in the workers.
  void current.then(() => (engine.isCurrent = true)).catch(() => undefined);
  await running;
}

/** @throws NotReady until this process polls its queues and the server hands it tasks */
export function requireRunning({ workers, isCurrent }: Engine): void {
  if (!workers?.every((worker) => worker.getState() === 'RUNNING')) throw new NotReady('not running yet');
  if (!isCurrent) throw new NotReady('not the current version yet');
}

/** @throws Error while Temporal cannot be reached */
export async function askTemporal({ connection }: Engine): Promise<void> {
  if (!connection) throw new NotReady('not connected yet');
  await connection.workflowService.getSystemInfo({});
}

export async function closeEngine({ connection }: Engine): Promise<void> {
  await connection?.close();
}

/** @throws Error that names the setting, where TLS is what is wrong */
async function connectTemporal(config: TemporalConfig): Promise<NativeConnection> {
  const { address, apiKey, tls } = config;
  const options = { address, tls: tls === false ? null : tls, ...(apiKey ? { apiKey } : {}) };
  return NativeConnection.connect(options).catch(async (error: unknown) => {
    const reason = await explainUnreachable(config);
    throw reason ? new Error(reason, { cause: error }) : error;
  });
}

/** A worker for each queue that the configuration names, not running yet. */
function createEngineWorkers(
  config: WorkerConfig,
  connection: NativeConnection,
  activities: object,
  { buildId, isVersioned }: { buildId: string; isVersioned: boolean },
): Promise<Worker[]> {
  const shared = {
    connection,
    namespace: config.temporal.namespace,
    activities,
    dataConverter: createDataConverter(config.temporal.payloadKeys),
    workerDeploymentOptions: isVersioned ? describeVersion(buildId) : describeUnversioned(buildId),
    shutdownGraceTime: config.shutdownGraceMs,
    shutdownForceTime: 2 * config.shutdownGraceMs,
  };
  return createWorkers(config.queues, shared, toWorkflowOptions(config));
}

/** In development the workflows are bundled at the start, which takes seconds and some memory. */
const toWorkflowOptions = ({ workflowBundle }: WorkerConfig): WorkflowOptions => ({
  ...(workflowBundle
    ? { workflowBundle: { codePath: path.resolve(workflowBundle) } }
    : { workflowsPath: path.resolve(__dirname, '../workflows') }),
  maxCachedWorkflows: CACHED_WORKFLOWS,
  workflowThreadPoolSize: 1,
  reuseV8Context: true,
});
