import { formatDuration, SECOND } from '../duration';
import { releaseWorkflowId } from '../ids';

/** Soon enough to see a small upload through, late enough not to be a burden. */
const FIRST_LOOK_MS = 30 * SECOND;

/**
 * The receipt of an accepted submission (API-31, CLI-26). Its addresses are paths of the API that
 * took the submission, so they hold under whatever name that API is reached.
 */
export function makeReceipt(accepted: {
  versionId: string;
  reviewQueueId: string;
  channel: 'stable' | 'beta';
  /** ISO 8601. */
  submittedAt: string;
  slaMs: number;
}) {
  const { versionId, reviewQueueId, channel, submittedAt, slaMs } = accepted;
  const publishId = releaseWorkflowId(versionId);
  const base = '/api/marketplace';
  return {
    publishId,
    versionId,
    reviewQueueId,
    channel,
    uploadUrl: `${base}/plugins/${encodeURIComponent(versionId)}/upload`,
    statusUrl: `${base}/releases/${encodeURIComponent(publishId)}`,
    submittedAt,
    nextCheckAt: new Date(Date.parse(submittedAt) + FIRST_LOOK_MS).toISOString(),
    sla: { expectedReviewDuration: formatDuration(slaMs) },
  };
}
