import { Worker, type WorkerOptions } from '@temporalio/worker';
import { taskQueues, type TaskQueue } from '../core/ids';

/** What the workers of all queues share. */
export type SharedOptions = Pick<
  WorkerOptions,
  | 'activities'
  | 'connection'
  | 'namespace'
  | 'shutdownForceTime'
  | 'shutdownGraceTime'
  | 'workerDeploymentOptions'
>;
/** The workflows and how many of them stay in memory; only the worker of the release queue runs them. */
export type WorkflowOptions = Pick<
  WorkerOptions,
  'maxCachedWorkflows' | 'reuseV8Context' | 'workflowBundle' | 'workflowsPath' | 'workflowThreadPoolSize'
>;

/**
 * Activities at a time by kind of work. Those of `scans` wait for a checker where they read a package, so
 * that memory stays flat.
 */
const ACTIVITIES_AT_ONCE = { quick: 20, scans: 20, fanOut: 20 } satisfies Record<
  Exclude<TaskQueue, 'release'>,
  number
>;

/** @internal for tests */
export const allQueues = Object.keys(taskQueues) as TaskQueue[];
/** @internal for tests */
export const activityQueues = Object.keys(ACTIVITIES_AT_ONCE) as (keyof typeof ACTIVITIES_AT_ONCE)[];

/** A worker for each of the queues, not running yet. */
export const createWorkers = (
  queues: readonly TaskQueue[],
  shared: SharedOptions,
  workflows: WorkflowOptions,
): Promise<Worker[]> =>
  Promise.all(
    queues.map((queue) =>
      Worker.create({ ...shared, taskQueue: taskQueues[queue], ...chooseOptions(queue, workflows) }),
    ),
  );

/** The release queue has workflows and their local activities; the others have nothing but activities. */
const chooseOptions = (queue: TaskQueue, workflows: WorkflowOptions) =>
  queue === 'release'
    ? { ...workflows, enableNonLocalActivities: false }
    : { maxConcurrentActivityTaskExecutions: ACTIVITIES_AT_ONCE[queue] };

/** Runs workers until all have ended; when one fails, the others are ended and its error is thrown. */
export async function runWorkers(workers: readonly Worker[]): Promise<void> {
  await Promise.all(workers.map((worker) => worker.run().finally(() => shutDown(workers))));
}

/** Asks the workers that run to end; their running activities are given time to finish. */
export function shutDown(workers: readonly Worker[]): void {
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
}
