import { Link } from 'wouter';
import type { ReleaseView } from '../../contracts/releases/view';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { isWithholding } from '../../core/releases/restrictions';
import { formatElapsed } from '../format/time';
import { useWhoami } from '../identity/queries';
import { reviewHref } from '../ui/addresses';
import { RelativeTime } from '../ui/Time';
import { Banner } from './Banner';
import { failingStage } from './journey';

import { isOver, describeState } from './states';

interface OutcomeProps {
  release: ReleaseView;
  events: TimelineEvent[];
}

/** The one thing that matters most now: how the release ended, or what it waits for. */
export function Outcome({ release, events }: OutcomeProps) {
  const { state } = release;
  if (state === 'completed') return <Completed release={release} />;
  if (state === 'superseded') return <Superseded release={release} />;
  if (isOver(state)) return <Refused release={release} />;
  if (state === 'in_review') return <InReview release={release} />;
  if (state === 'paused') return <Paused release={release} events={events} />;
  return null;
}

function Completed({ release }: { release: ReleaseView }) {
  const isWithheld = release.restrictions.some(isWithholding);
  const ms = Date.parse(release.updatedAt) - Date.parse(release.submittedAt);
  return (
    <Banner tone="ok" icon="check" title="Completed">
      <p>
        {isWithheld
          ? `The rollout of ${release.name} ${release.version} completed ${formatElapsed(ms)} after it was submitted; the version is withheld now.`
          : `${release.name} ${release.version} is available to every tenant, ${formatElapsed(ms)} after it was submitted.`}
      </p>
    </Banner>
  );
}

/** A person decides next: whoever may read the review gets a link to it. */
function InReview({ release }: { release: ReleaseView }) {
  const whoami = useWhoami();
  const { review } = release;
  const mayRead = whoami.data?.scopes.includes('review:read') === true;
  return (
    <Banner tone="warn" icon="eye" title="Waiting for review">
      <p>
        The package is verified and scanned. A reviewer decides next
        {review?.slaDeadline && (
          <>
            , due <RelativeTime at={review.slaDeadline} />
          </>
        )}
        .{' '}
        {mayRead && review && (
          <Link href={reviewHref(review.reviewQueueId)} className="font-semibold text-accent underline">
            Open the review
          </Link>
        )}
      </p>
    </Banner>
  );
}

/** Rejected, expired, withdrawn and the like: every problem at once, for the publisher to fix. */
function Refused({ release }: { release: ReleaseView }) {
  const { state, problems, review, rollout } = release;
  const wasOffered = rollout?.stages.some((stage) => stage.startedAt !== null) === true;
  return (
    <Banner tone="bad" icon="cross" title={describeState(state).label}>
      {review?.decision === 'reject' && (
        <p>
          Rejected by {review.reviewer}
          {review.notes ? ':' : '.'} {review.notes && <q>{review.notes}</q>}
        </p>
      )}
      {problems.length > 0 && (
        <ul className="grid gap-2">
          {problems.map((each) => (
            <li key={`${each.code} ${each.pointer ?? ''} ${each.detail}`}>
              {each.detail}
              <span className="block font-mono text-xs break-all">
                {each.code}
                {each.pointer && ` · ${each.pointer}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      <p className="text-sm">
        {wasOffered
          ? 'The rollout had already started; the timeline shows what happened to the tenants that installed it.'
          : 'No tenant was offered this version. Fix the problems and submit again.'}
      </p>
    </Banner>
  );
}

/** Nothing went wrong: tenants have a newer version. */
function Superseded({ release }: { release: ReleaseView }) {
  const wasOffered = release.rollout?.stages.some((stage) => stage.startedAt !== null) === true;
  return (
    <Banner tone="neutral" icon="check" title="Superseded">
      {release.problems.map((each) => (
        <p key={each.detail}>{each.detail}</p>
      ))}
      <p className="text-sm">
        {wasOffered
          ? 'Tenants that have this version keep it until their host installs the newer one.'
          : 'No tenant was offered this version.'}
      </p>
    </Banner>
  );
}

const pauseKinds = new Set<TimelineEvent['kind']>(['rollout_paused', 'stage_held', 'stage_verdict']);

function Paused({ release, events }: OutcomeProps) {
  const why = events.findLast((event) => pauseKinds.has(event.kind))?.text;
  const stage = failingStage(release.rollout?.stages ?? [])?.stage;
  return (
    <Banner tone="warn" icon="pause" title={stage ? `Paused in stage ${stage}` : 'Paused'}>
      {why && <p>{why}</p>}
      <p className="text-sm">
        Tenants that have this version keep it. No other tenant is offered it until an operator resumes or
        aborts the rollout.
      </p>
    </Banner>
  );
}
