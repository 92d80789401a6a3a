import { Link } from 'wouter';
import type { ReleaseView } from '../../contracts/releases/view';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { releaseHref } from '../ui/addresses';
import { Badge } from '../ui/Badge';
import { Card } from '../ui/Card';
import { Icon } from '../ui/Icon';
import { ProblemNote } from '../ui/ProblemNote';
import { DecisionForm } from './DecisionForm';
import { isConflict } from './conflict';
import { useDecision } from './useDecision';

interface DecisionCardProps {
  review: QueueEntry;
  release: ReleaseView;
}

export function DecisionCard({ review, release }: DecisionCardProps) {
  const decision = useDecision(review);
  const isDecided = review.state === 'decided' || decision.isSuccess;
  return (
    <Card title="Decision">
      <div className="grid gap-4">
        {decision.isError &&
          (isConflict(decision.error) ? <TooLate /> : <ProblemNote problem={decision.error} />)}
        {isDecided ? (
          <Decided release={release} />
        ) : review.state === 'open' ? (
          <DecisionForm review={review} isBusy={decision.isPending} onDecide={decision.mutate} />
        ) : (
          <p className="text-muted">The review opens once the upload is verified and scanned.</p>
        )}
      </div>
    </Card>
  );
}

/** Two people may review the same release; whoever comes second has done nothing wrong. */
function TooLate() {
  return (
    <div role="alert" className="rounded-lg bg-warn-soft p-3">
      <p className="flex items-center gap-2 font-semibold text-warn">
        <Icon name="clock" /> Someone else has already decided
      </p>
      <p className="mt-1 text-sm">
        Their decision stands, and yours was not recorded. There is nothing more for you to do.
      </p>
    </div>
  );
}

function Decided({ release }: { release: ReleaseView }) {
  const { review } = release;
  if (!review?.decision) return <p role="status">The decision was recorded.</p>;
  const isApproved = review.decision === 'approve';
  return (
    <div role="status" className="grid gap-2">
      <p className="flex flex-wrap items-center gap-2">
        <Badge tone={isApproved ? 'ok' : 'bad'}>{isApproved ? 'Approved' : 'Rejected'}</Badge>{' '}
        {review.reviewer && (
          <span>
            by <strong>{review.reviewer}</strong>
          </span>
        )}
      </p>
      {review.notes && (
        <p className="rounded-lg bg-well p-3 text-sm break-words whitespace-pre-wrap">{review.notes}</p>
      )}
      <Link href={releaseHref(release.publishId)} className="font-semibold text-accent hover:underline">
        Follow the release
      </Link>
    </div>
  );
}
