import { Refusal } from '../../core/errors/errors';
import type { Receipt } from '../../contracts/releases/publish';
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
  const expected = receipt.sla.expectedReviewDuration;
  return {
    value: receiptPath,
    text: `queued for review as ${receipt.reviewQueueId}, state ${release.state}, decision expected within ${expected}`,
  };
}
