import { Refusal } from '../../core/errors/errors';
import type { Receipt } from '../../contracts/releases/publish';
import type { ReleaseState } from '../../core/releases/state';
import type { Client } from '../../sdk/client';
import type { StageEnd } from '../terminal/stages';
import type { CheckedPlugin } from './precheck';
import { isFailure, listReleaseProblems } from './outcome';
import { saveReceipt } from './receipt';
import { forgetRequestId } from './submission';

/** The last stage: the receipt is written even if the release ended at once: it names where to look. */
export async function awaitReview(
  checked: CheckedPlugin,
  receipt: Receipt,
  client: Client,
): Promise<StageEnd<string>> {
  const receiptPath = await saveReceipt(checked.root, receipt);
  const release = await client.releases.read(receipt.publishId);
  if (isFailure(release.state)) {
    await forgetRequestId(checked.root, receipt.versionId);
    throw new Refusal(listReleaseProblems(release));
  }
  return { value: receiptPath, text: describeProgress(release.state, receipt) };
}

/** What comes before the review, by the state; a review opens only after the scans. */
const beforeReview: Partial<Record<ReleaseState, string>> = {
  draft: 'submitted',
  uploading: 'uploaded; the marketplace verifies the package',
  scanning: 'uploaded and verified; the scanners run',
};

/** Where a release that was just published stands, and what it waits for. */
export function describeProgress(
  state: ReleaseState,
  { reviewQueueId, sla }: Pick<Receipt, 'reviewQueueId' | 'sla'>,
): string {
  const expected = `a decision is expected within ${sla.expectedReviewDuration}`;
  const before = beforeReview[state];
  if (before !== undefined) return `${before}, then review ${reviewQueueId} opens; ${expected}`;
  if (state === 'in_review') return `waits for a reviewer as ${reviewQueueId}; ${expected}`;
  return `review ${reviewQueueId} is over; the release is in state ${state}`;
}
