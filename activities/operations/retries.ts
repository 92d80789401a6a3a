import { Context } from '@temporalio/activity';
import type { Knex } from 'knex';
import { alertRetried, type RetriedStep } from '../../adapters/db/operations/retries';
import { parseVersionId, parseWorkflowId, taskQueues, type TaskQueue } from '../../core/ids';
import { isRetriedTooOften } from '../../core/operations/retries';

export interface RetryDeps {
  db: Knex;
  clock: () => Date;
  /** Told of each attempt of a step that has been tried too often, and why the operators could not be told. */
  onRetried: (retried: RetriedStep, error?: unknown) => void;
}

const queues = Object.keys(taskQueues) as TaskQueue[];

/**
 * The same activities, which tell the operators when they are tried too often. An attempt tells it as it begins, so
 * that it is told also where no attempt comes to an end; the step itself neither waits for that nor fails of it.
 */
export function withRetryAlerts<T extends object>(deps: RetryDeps, activities: T): T {
  const watched = Object.entries(activities).map(([name, run]) => [
    name,
    (...args: unknown[]): Promise<unknown> => {
      const retried = findRetried();
      if (retried) void tell(deps, retried);
      return (run as (...args: unknown[]) => Promise<unknown>)(...args);
    },
  ]);
  return Object.fromEntries(watched) as T;
}

function findRetried(): RetriedStep | undefined {
  const { attempt, taskQueue, activityType, workflowExecution } = Context.current().info;
  const queue = queues.find((name) => taskQueues[name] === taskQueue);
  if (!queue || !isRetriedTooOften(queue, attempt)) return undefined;
  const workflowId = workflowExecution?.workflowId ?? '';
  const versionId = parseWorkflowId(workflowId);
  const pluginId = versionId && parseVersionId(versionId)?.pluginId;
  return pluginId ? { pluginId, versionId, workflowId, step: activityType, attempt } : undefined;
}

const tell = ({ db, clock, onRetried }: RetryDeps, retried: RetriedStep): Promise<void> =>
  alertRetried(db, retried, clock()).then(
    () => onRetried(retried),
    (error: unknown) => onRetried(retried, error),
  );
