import { proxyActivities } from '@temporalio/workflow';
import type { ReviewActivities } from '../../activities/reviews/types';
import { retry } from '../retry';

/** Short transactions. */
export const reviewRecords = proxyActivities<ReviewActivities>({ startToCloseTimeout: '15s', retry });
