import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { NativeConnection } from '@temporalio/worker';
import type { Knex } from 'knex';
import pino from 'pino';
import { Registry } from 'prom-client';
import { buildWorkflows, repositoryRoot } from '../../../infra/build/build';
import { ensureTool } from '../../../infra/tools/install';
import { workerConfig } from '../../../worker/config';
import { createCheckers, createEffects, createNotifiers, createWorkerTrial } from '../../../worker/effects';
import { requirePrograms } from '../../../worker/programs';
import { createRetryWatch } from '../../../worker/retries';
import { createSilenceWatch } from '../../../worker/silence';
import { allQueues, createWorkers, runWorkers, shutDown } from '../../../worker/workers';
import type { TaskQueue } from '../../../core/ids';
import type { ObjectServer } from './objectServer';

interface Servers {
  /** The task queues that the worker serves; all when none are named. */
  queues?: readonly TaskQueue[];
  db: Knex;
  objects: ObjectServer;
  address: string;
  namespace: string;
}

/**
 * The product's worker with its own scanners, trial installations and notifiers, whose waits are those of a
 * test: seconds, not days. Returns the function that stops it.
 */
export async function runWorker({
  db,
  objects,
  address,
  namespace,
  queues = allQueues,
}: Servers): Promise<() => Promise<void>> {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'spillway-scratch-'));
  const config = await readConfig(dir, { address, namespace });
  await requirePrograms(config);
  const trial = createWorkerTrial(config);
  const checkers = createCheckers(config);
  const parts = { db, checkers, objects: objects.objects, notifiers: createNotifiers(), trial };
  const logger = pino({ level: 'silent' });
  const registry = new Registry();
  const watches = {
    onRetried: createRetryWatch(registry, logger),
    onSilence: createSilenceWatch(registry, logger),
  };
  const effects = createEffects(config, { ...parts, ...watches, logger }, await trial.detect());
  const connection = await NativeConnection.connect({ address });
  const workflows = { workflowBundle: { codePath: await buildWorkflows() }, maxCachedWorkflows: 50 };
  const workers = await createWorkers(queues, { connection, namespace, activities: effects }, workflows);
  const running = runWorkers(workers);
  return async () => {
    shutDown(workers);
    await running;
    checkers.close();
    await connection.close();
    await rm(dir, { recursive: true, force: true });
  };
}

async function readConfig(
  scratchDir: string,
  { address, namespace }: { address: string; namespace: string },
) {
  const isLinux = process.platform === 'linux';
  const bubblewrap = isLinux ? (await ensureTool('bubblewrap', () => undefined)).path : undefined;
  const config = workerConfig({
    PORT: '0',
    // The servers are handed over as they are; these only have to be there.
    DATABASE_URL: 'postgres://unused.invalid/spillway',
    SPILLWAY_OBJECTS_DIR: scratchDir,
    SPILLWAY_OBJECTS_URL: 'http://unused.invalid',
    SPILLWAY_OBJECTS_SECRET: 'unused-'.repeat(8),
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    SPILLWAY_SCRATCH_DIR: scratchDir,
    SPILLWAY_CHECKER: path.join(repositoryRoot, 'dist/checker.cjs'),
    SPILLWAY_HOST_TRIAL: path.join(repositoryRoot, 'dist/host-trial.cjs'),
    SPILLWAY_TRIAL_UNCONTAINED: isLinux ? 'hold' : 'review',
    ...(bubblewrap ? { SPILLWAY_BUBBLEWRAP: bubblewrap } : {}),
    SPILLWAY_SCAN_RETRY: '1s',
    SPILLWAY_GATE_MIN_REPORTS: '1',
    SPILLWAY_ROLLBACK_DEADLINE: '10s',
  });
  return { ...config, gate: { ...config.gate, checkEveryMs: 500, holdMs: 2_000 } };
}
