import { useReviews } from './queries';
import { plural } from '../../core/plural';
import { Empty, Loading } from '../ui/Blank';
import { button } from '../ui/button';
import { PageHead } from '../ui/PageHead';
import { ProblemNote } from '../ui/ProblemNote';
import { ReviewTile } from './ReviewTile';

/** The queue of open reviews; it is refreshed every few seconds. */
export function ReviewsPage() {
  const reviews = useReviews();
  const open = reviews.data?.pages.flatMap((page) => page.reviews) ?? [];
  return (
    <>
      <PageHead
        title="Reviews"
        lead="Releases that are waiting for a decision. Open one to review it."
        aside={
          <p role="status" className="text-sm font-semibold text-muted">
            {reviews.isSuccess ? `${plural(open.length, 'review')} open` : ''}
          </p>
        }
      />
      {reviews.isPending && <Loading label="Loading the reviews" />}
      {reviews.isError && <ProblemNote problem={reviews.error} onRetry={() => void reviews.refetch()} />}
      {reviews.isSuccess && open.length === 0 && (
        <Empty icon="check" title="No reviews are waiting">
          A release appears here once its upload is verified and every scanner has finished.
        </Empty>
      )}
      {open.length > 0 && (
        <ul className="grid grid-cols-[minmax(0,1fr)] gap-4">
          {open.map((review) => (
            <ReviewTile key={review.reviewQueueId} review={review} />
          ))}
        </ul>
      )}
      {reviews.hasNextPage && (
        <button type="button" className={`${button.plain} mt-4`} onClick={() => void reviews.fetchNextPage()}>
          Show more
        </button>
      )}
    </>
  );
}
