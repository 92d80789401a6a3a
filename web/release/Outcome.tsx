import type { ReactNode } from 'react';
import type { ReleaseView, TimelineEvent } from '../../contracts/release';
import { Icon, type IconName } from '../ui/Icon';
import { formatElapsed } from '../format/time';
import { failingStage } from './journey';
import { RolledBack } from './RolledBack';
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
  if (state === 'paused') return <Paused release={release} events={events} />;
  return null;
}

const tones = {
  ok: 'border-ok-fill/50 bg-ok-soft',
  warn: 'border-warn-fill/50 bg-warn-soft',
  bad: 'border-bad-fill/50 bg-bad-soft',
} as const;
const titleTones = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad' } as const;

interface BannerProps {
  tone: keyof typeof tones;
  icon: IconName;
  title: string;
  children: ReactNode;
}

export function Banner({ tone, icon, title, children }: BannerProps) {
  return (
    <section aria-label="Outcome" className={`rounded-xl border p-4 sm:p-5 ${tones[tone]}`}>
      <h2 className={`flex items-center gap-2 text-lg font-semibold ${titleTones[tone]}`}>
        <Icon name={icon} size={20} /> {title}
      </h2>
      <div className="mt-1 grid gap-2">{children}</div>
    </section>
  );
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
