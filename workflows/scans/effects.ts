import { proxyActivities } from '@temporalio/workflow';
import type { ScanActivities, ScanRecordActivities } from '../../activities/scans/types';
import { taskQueues } from '../../core/ids';
import { retry } from '../retry';

/** A scanner that fails three times is silent; what silence means is for the release to decide. */
export const scanners = proxyActivities<ScanActivities>({
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '30m',
  heartbeatTimeout: '20s',
  retry: { ...retry, maximumAttempts: 3 },
});

/** Short transactions. */
export const scanRecords = proxyActivities<ScanRecordActivities>({
  taskQueue: taskQueues.quick,
  startToCloseTimeout: '15s',
  retry,
});
