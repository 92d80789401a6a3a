import { Link } from 'wouter';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { useReleaseFacts } from '../releases/queries';
import { summarise } from '../scans/summary';
import { reviewHref } from '../ui/addresses';
import { Badge } from '../ui/Badge';
import { Permissions } from '../ui/Permissions';
import { SlaBar } from './SlaBar';

/** One open review: what it is, how long it has waited, and which permissions it asks for. */
export function ReviewTile({ review }: { review: QueueEntry }) {
  return (
    <li className="relative rounded-xl border border-line bg-card p-4 shadow-xs hover:border-edge sm:p-5">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4 md:grid-cols-[minmax(0,1fr)_21rem] md:items-start">
        <div className="min-w-0">
          <h2 className="text-lg font-semibold break-words">
            {/* The link's own area covers the tile, so that the whole of it can be pressed. */}
            <Link
              href={reviewHref(review.reviewQueueId)}
              className="text-accent after:absolute after:inset-0 after:rounded-xl hover:underline"
            >
              {review.name} {review.version}
            </Link>
          </h2>
          <p className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
            <Badge>{review.channel}</Badge>
            {review.nameFindings.length > 0 && <Badge tone="warn">Look at the name</Badge>}
            <span className="break-all">{review.pluginId}</span>
            <span>
              by <strong className="text-ink">{review.publisherId}</strong>
            </span>
          </p>
        </div>
        <SlaBar review={review} />
      </div>
      <TileFacts publishId={review.publishId} />
    </li>
  );
}

/** Scans and permissions, which the queue itself does not carry; the tile is useful without them. */
function TileFacts({ publishId }: { publishId: string }) {
  const { data } = useReleaseFacts(publishId);
  if (!data) return null;
  const { tone, text } = summarise(data.scans);
  return (
    <dl className="mt-3 flex flex-wrap gap-x-8 gap-y-3 border-t border-line pt-3 text-sm">
      <div>
        <dt className="mb-1 text-xs text-muted">Scans</dt>
        <dd>
          <Badge tone={tone}>{text}</Badge>
        </dd>
      </div>
      <div className="min-w-0">
        <dt className="text-xs text-muted">Permissions</dt>
        <dd>
          <Permissions permissions={data.permissions} />
        </dd>
      </div>
    </dl>
  );
}
