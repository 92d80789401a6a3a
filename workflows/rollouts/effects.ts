import { proxyActivities } from '@temporalio/workflow';
import type {
  RollbackActivities,
  RolloutActivities,
  RolloutNoticeActivities,
} from '../../activities/rollouts/types';
import { taskQueues } from '../../core/ids';
import { retry } from '../retry';

/** Short transactions. */
export const rolloutRecords = proxyActivities<RolloutActivities>({
  taskQueue: taskQueues.quick,
  startToCloseTimeout: '15s',
  retry,
});

/** Waiting for hosts to return to the version before; long, with heartbeats. */
export const rollbacks = proxyActivities<RollbackActivities>({
  taskQueue: taskQueues.fanOut,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '20s',
  retry,
});

/** Fan-out in slices; a retry goes on from the last heartbeat. */
export const rolloutNotices = proxyActivities<RolloutNoticeActivities>({
  taskQueue: taskQueues.fanOut,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry,
});
