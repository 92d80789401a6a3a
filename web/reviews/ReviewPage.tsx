import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { QueueEntry } from '../../contracts/reviews/queue';
import { PackageCard } from '../releases/PackageCard';
import { releaseHref } from '../ui/addresses';
import { useReview } from './queries';
import { ScansCard } from '../scans/ScansCard';
import { Badge } from '../ui/Badge';
import { NameNotes } from '../releases/NameNotes';
import { Restricted } from '../releases/Restricted';
import { StateBadge } from '../releases/StateBadge';
import { Loading } from '../ui/Blank';
import { Card } from '../ui/Card';
import { PageHead } from '../ui/PageHead';
import { ProblemNote } from '../ui/ProblemNote';
import { RelativeTime } from '../ui/Time';
import { PackageDownload } from './PackageDownload';
import { RequestedRolloutCard } from './RequestedRolloutCard';
import { DecisionCard } from './DecisionCard';
import { SlaBar } from './SlaBar';

/** Everything that a reviewer reads before deciding, and the decision. */
export function ReviewPage({ reviewQueueId }: { reviewQueueId: string }) {
  const { data, isError, error, refetch } = useReview(reviewQueueId);
  if (!data && isError) {
    return (
      <>
        <PageHead title="Review" />
        <ProblemNote problem={error} onRetry={() => void refetch()} />
      </>
    );
  }
  if (!data) return <Loading label="Loading the review" rows={4} />;
  const { review, release, requestedRollout } = data;
  return (
    <>
      <PageHead
        title={`${review.name} ${review.version}`}
        tabTitle={`Review of ${review.name} ${review.version}`}
        lead={<Lead review={review} state={<StateBadge state={release.state} />} />}
        aside={
          <Link
            href={releaseHref(review.publishId)}
            className="text-sm font-semibold text-accent hover:underline"
          >
            Timeline of the release
          </Link>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-4 sm:gap-5 lg:grid-cols-[minmax(0,7fr)_minmax(0,5fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5">
          <Restricted restrictions={release.restrictions} />
          <NameNotes release={release} />
          <Remarks info={review.info} />
          <ScansCard scans={release.scans} isRunning={release.state === 'scanning'} />
          <PackageCard release={release}>
            <PackageDownload review={review} />
          </PackageCard>
          <RequestedRolloutCard rollout={requestedRollout} />
        </div>
        {/* The decision stays in view while a long review is read; on a phone it follows the facts. */}
        <div className="grid grid-cols-[minmax(0,1fr)] gap-4 sm:gap-5 lg:sticky lg:top-5">
          {review.state === 'open' && (
            <Card title="Time">
              <SlaBar review={review} />
            </Card>
          )}
          <DecisionCard review={review} release={release} />
        </div>
      </div>
    </>
  );
}

function Lead({ review, state }: { review: QueueEntry; state: ReactNode }) {
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      {state}
      <Badge>{review.channel}</Badge>
      <span className="break-all">{review.pluginId}</span>
      <span>
        by <strong className="text-ink">{review.publisherId}</strong>
      </span>
    </span>
  );
}

/** What the publisher added for the reviewer; the links are untrusted, so they get no referrer. */
function Remarks({ info }: { info: QueueEntry['info'] }) {
  if (info.length === 0) return null;
  return (
    <Card title="From the publisher">
      <ul className="grid gap-3">
        {info.map((each) => (
          <li key={`${each.at} ${each.info}`}>
            <p className="break-words whitespace-pre-wrap">{each.info}</p>
            <ul>
              {each.links.filter(isWebLink).map((link) => (
                <li key={link}>
                  <a
                    href={link}
                    target="_blank"
                    rel="noreferrer noopener"
                    className="break-all text-accent underline"
                  >
                    {link}
                  </a>
                </li>
              ))}
            </ul>
            <p className="text-xs text-muted">
              <RelativeTime at={each.at} />
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** A `javascript:` link would run with the reviewer's token. */
const isWebLink = (link: string): boolean => /^https?:\/\//i.test(link);
