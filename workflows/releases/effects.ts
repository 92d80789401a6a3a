import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type {
  RegistrationActivities,
  ReleaseActivities,
  ReleaseNoticeActivities,
  UploadActivities,
} from '../../activities/releases/types';
import { taskQueues } from '../../core/ids';
import { retry } from '../retry';

/** Local: the reply to a publish waits for this single transaction, and needs no second task. */
export const registration = proxyLocalActivities<RegistrationActivities>({
  startToCloseTimeout: '10s',
  retry,
});

/** Short transactions. */
export const releaseRecords = proxyActivities<ReleaseActivities>({
  taskQueue: taskQueues.quick,
  startToCloseTimeout: '15s',
  retry,
});

/** Reading, joining and checking up to two gigabytes; a worker that dies is noticed by its heartbeat. */
export const uploads = proxyActivities<UploadActivities>({
  taskQueue: taskQueues.scans,
  startToCloseTimeout: '30m',
  heartbeatTimeout: '20s',
  retry,
});

/** Fan-out in slices; a retry goes on from the last heartbeat. */
export const releaseNotices = proxyActivities<ReleaseNoticeActivities>({
  taskQueue: taskQueues.fanOut,
  startToCloseTimeout: '1h',
  heartbeatTimeout: '30s',
  retry,
});
