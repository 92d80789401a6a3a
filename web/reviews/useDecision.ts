import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { QueueEntry } from '../../contracts/reviews/queue';
import type { ReviewDecisionInput } from '../../contracts/reviews/review';
import { decideReview } from '../http/api';
import { reviewKey, reviewsKey } from '../http/queries';

export type Verdict = ReviewDecisionInput['decision'];

/**
 * Sends a decision on the package that this page showed. Whatever comes back, the review is loaded
 * again: after a conflict the reader sees who decided, and how.
 */
export function useDecision(review: QueueEntry) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ decision, notes }: { decision: Verdict; notes: string }) =>
      decideReview(review.versionId, { decision, notes, packageSha256: review.packageSha256 }),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: reviewKey(review.reviewQueueId) });
      await client.invalidateQueries({ queryKey: reviewsKey });
    },
  });
}
