import { Client, type ConnectionLike } from '@temporalio/client';
import type { Knex } from 'knex';
import { Counter, type Registry } from 'prom-client';
import { oneAtATime } from '../../adapters/db/operations/reconcile';
import { createDataConverter } from '../../adapters/temporal/codec';
import type { TemporalConfig } from '../../adapters/temporal/config';
import { getErrorMessage } from '../../core/errors/thrown';
import { repeat } from '../../platform/repeat';
import type { LoopContext } from '../waitForComponent';
import { createMemory } from './memory';
import { reconcile, type Tally } from './reconcile';
import { createRuns, type Runs } from './runs';

interface Reconciling {
  db: Knex;
  temporal: Pick<TemporalConfig, 'namespace' | 'payloadKeys'>;
  everyMs: number;
  registry: Registry;
  /** Undefined until this process is connected to the workflow engine. */
  findConnection: () => ConnectionLike | undefined;
}

/** Reconciles workflows with rows until it is asked to end; of several workers one does at a time. */
export async function keepReconciled(
  { db, temporal: { namespace, payloadKeys }, everyMs, registry, findConnection }: Reconciling,
  { logger, signal }: LoopContext,
): Promise<void> {
  const count = createCounter(registry);
  const memory = createMemory();
  const createTemporalClient = (connection: ConnectionLike): Client =>
    new Client({ connection, namespace, dataConverter: createDataConverter(payloadKeys) });
  let runs: Runs | undefined;
  await repeat(signal, async () => {
    const connection = findConnection();
    if (connection) runs ??= createRuns({ client: createTemporalClient(connection), namespace });
    const deps = runs && { db, runs, memory, logger, clock: () => new Date() };
    if (deps) {
      await oneAtATime(db, () => reconcile(deps)).then(count, (error: unknown) => {
        logger.warn({ reason: getErrorMessage(error) }, 'workflows could not be reconciled');
      });
    }
    return everyMs;
  });
}

/** Counts what passes did; a pass that another process made counts there. */
function createCounter(registry: Registry): (tally: Tally | undefined) => void {
  const outcomes = new Counter({
    name: 'spillway_reconciled_total',
    help: 'Workflows that did not agree with the records, by what was done.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  return (tally = { restarted: 0, ended: 0, refused: 0, withdrawn: 0, failed: 0 }) => {
    for (const [outcome, times] of Object.entries(tally)) outcomes.inc({ outcome }, times);
  };
}
