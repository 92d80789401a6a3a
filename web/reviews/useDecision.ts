import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReviewDecisionReply } from '../../contracts/reviews/queue';
import type { QueueEntry } from '../../contracts/reviews/queue';
import type { ReviewDecisionInput } from '../../contracts/reviews/review';
import { fillPath, paths } from '../../contracts/paths';
import { sendJson } from '../http/request';
import { reviewKey, reviewsKey } from './queries';

export type Verdict = ReviewDecisionInput['decision'];

const decide = (versionId: string, decision: ReviewDecisionInput): Promise<ReviewDecisionReply> =>
  sendJson('PATCH', fillPath(paths.decision, { versionId }), decision);

/**
 * Sends a decision on the package that this page showed; REVIEW_CLOSED (409) when somebody else decided
 * first. Whatever comes back, the review is loaded again, so that the page shows who decided, and how.
 */
export function useDecision(review: QueueEntry) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ decision, notes }: { decision: Verdict; notes: string }) =>
      decide(review.versionId, { decision, notes, packageSha256: review.packageSha256 }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: reviewKey(review.reviewQueueId) });
      await client.invalidateQueries({ queryKey: reviewsKey });
    },
  });
}
