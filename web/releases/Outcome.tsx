import { Link } from 'wouter';
import type { ReleaseView } from '../../contracts/releases/view';
import type { TimelineEvent } from '../../contracts/releases/timeline';
import { formatElapsed } from '../format/time';
import { useWhoami } from '../http/queries';
import { reviewHref } from '../ui/addresses';
import { RelativeTime } from '../ui/Time';
import { Banner } from './Banner';
import { failingStage } from './journey';
import { RolledBack } from '../rollouts/RolledBack';
import { isOver, lookOf } from './states';

interface OutcomeProps {
  release: ReleaseView;
  events: TimelineEvent[];
}

/** The one sentence that matters most now: how it ended, or what it stands still for. */
export function Outcome({ release, events }: OutcomeProps) {
  const { state, rollout } = release;
  if (state === 'rolled_back' || rollout?.state === 'rolling_back' || rollout?.state === 'rolled_back') {
    return <RolledBack release={release} events={events} />;
  }
  if (state === 'completed') return <Completed release={release} />;
  if (isOver(state)) return <Refused release={release} />;
  if (state === 'in_review') return <InReview release={release} />;
  if (state === 'paused') return <Paused release={release} events={events} />;
  return null;
}

function Completed({ release }: { release: ReleaseView }) {
  const ms = Date.parse(release.updatedAt) - Date.parse(release.submittedAt);
  return (
    <Banner tone="ok" icon="check" title="Completed">
      <p>
        Every tenant may have {release.name} {release.version}; from submission to the end it took{' '}
        {formatElapsed(ms)}.
      </p>
    </Banner>
  );
}

/** The line stands still for a person: who may decide gets the way to the review. */
function InReview({ release }: { release: ReleaseView }) {
  const whoami = useWhoami();
  const { review } = release;
  const mayRead = whoami.data?.scopes.includes('review:read') === true;
  return (
    <Banner tone="warn" icon="eye" title="Waits for a reviewer">
      <p>
        The upload is verified and scanned; a person decides next
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

/** Rejected, expired, withdrawn and the like: every problem at once, as the publisher must mend them. */
function Refused({ release }: { release: ReleaseView }) {
  const { state, problems, review, rollout } = release;
  const wasOffered = rollout?.stages.some((stage) => stage.startedAt !== null) === true;
  return (
    <Banner tone="bad" icon="cross" title={lookOf(state).label}>
      {review?.decision === 'reject' && (
        <p>
          {review.reviewer} rejected it{review.notes ? ':' : '.'} {review.notes && <q>{review.notes}</q>}
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
          ? 'Its rollout had begun; the timeline says what became of the tenants that took it.'
          : 'No tenant was offered this version. Mend it and publish a new submission.'}
      </p>
    </Banner>
  );
}

const standstills = new Set<TimelineEvent['kind']>(['rollout_paused', 'stage_held', 'stage_verdict']);

function Paused({ release, events }: OutcomeProps) {
  const why = events.findLast((event) => standstills.has(event.kind))?.text;
  const stage = failingStage(release.rollout?.stages ?? [])?.stage;
  return (
    <Banner tone="warn" icon="pause" title={stage ? `Paused in stage ${stage}` : 'Paused'}>
      {why && <p>{why}</p>}
      <p className="text-sm">
        Who has the version keeps it; nobody new is offered it until an operator resumes or aborts the
        rollout.
      </p>
    </Banner>
  );
}
