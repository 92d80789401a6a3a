import { proxyActivities } from '@temporalio/workflow';
import type { ReviewActivities } from '../../activities/reviews/types';
import { taskQueues } from '../../core/ids';
import { retry } from '../retry';

/** Short transactions. */
export const reviewRecords = proxyActivities<ReviewActivities>({
  taskQueue: taskQueues.quick,
  startToCloseTimeout: '15s',
  retry,
});
