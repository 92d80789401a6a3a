import type { NativeConnection } from '@temporalio/worker';
import { Worker } from '@temporalio/worker';
import { activityQueues, createWorkers } from '../../../worker/workers';

export interface WorkerOptions {
  connection: NativeConnection;
  activities: Record<string, (input: never) => Promise<unknown>>;
  taskQueue: string;
  maxCachedWorkflows: number;
}

/** Runs `work` with a worker for the workflows, on a queue of the test's own, and one for each kind of activities. */
export async function runWithWorkers<T>(options: WorkerOptions, work: () => Promise<T>): Promise<T> {
  const { connection, activities, taskQueue, maxCachedWorkflows } = options;
  const shared = { connection, activities };
  const workflowBundle = { codePath: process.env.SPILLWAY_WORKFLOW_BUNDLE! };
  return runUntil(
    [
      await Worker.create({ ...shared, workflowBundle, taskQueue, maxCachedWorkflows }),
      ...(await createWorkers(activityQueues, shared, {})),
    ],
    work,
  );
}

/** Runs all workers until the work is done. */
const runUntil = <T>([worker, ...others]: Worker[], work: () => Promise<T>): Promise<T> =>
  worker ? worker.runUntil(() => runUntil(others, work)) : work();
