import { proxyActivities } from '@temporalio/workflow';
import type { ScanActivities, ScanRecordActivities } from '../../activities/scans/types';
import { retry } from '../retry';

/** A scanner that fails three times is silent; what silence means is for the release to decide. */
export const scanners = proxyActivities<ScanActivities>({
  startToCloseTimeout: '30m',
  heartbeatTimeout: '20s',
  retry: { ...retry, maximumAttempts: 3 },
});

/** Short transactions. */
export const scanRecords = proxyActivities<ScanRecordActivities>({ startToCloseTimeout: '15s', retry });
