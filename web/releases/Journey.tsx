import type { ReleaseView } from '../../contracts/releases/view';
import { Icon, type IconName } from '../ui/Icon';
import { listJourneySteps, type JourneyStep, type StepStatus } from './journey';

interface StepStyle {
  icon: IconName;
  disc: string;
  /** The connector that leads to the step. */
  rail: string;
  /** For screen readers, in place of the colour. */
  spoken: string;
}

const styles: Record<StepStatus, StepStyle> = {
  done: { icon: 'check', disc: 'border-ok-fill bg-ok-soft text-ok', rail: 'bg-ok-fill', spoken: 'done' },
  current: {
    icon: 'play',
    disc: 'border-live-fill bg-accent-soft text-accent ring-4 ring-accent-soft',
    rail: 'bg-live-fill',
    spoken: 'in progress',
  },
  held: {
    icon: 'clock',
    disc: 'border-warn-fill bg-warn-soft text-warn ring-4 ring-warn-soft',
    rail: 'bg-warn-fill',
    spoken: 'waiting',
  },
  failed: {
    icon: 'cross',
    disc: 'border-bad-fill bg-bad-soft text-bad',
    rail: 'bg-bad-fill',
    spoken: 'failed',
  },
  upcoming: { icon: 'dot', disc: 'border-line bg-card text-muted', rail: 'bg-line', spoken: 'not started' },
  skipped: { icon: 'minus', disc: 'border-line bg-well text-muted', rail: 'bg-line', spoken: 'skipped' },
};

/** The release's progress at a glance: a row on a wide screen, a column on a phone. */
export function Journey({ release }: { release: ReleaseView }) {
  return (
    <section
      aria-label="Progress of the release"
      className="rounded-xl border border-line bg-card p-4 shadow-xs sm:p-5"
    >
      <ol className="flex flex-col md:flex-row">
        {listJourneySteps(release).map((step, index) => (
          <Step key={step.id} step={step} isFirst={index === 0} />
        ))}
      </ol>
    </section>
  );
}

function Step({ step, isFirst }: { step: JourneyStep; isFirst: boolean }) {
  const { icon, disc, rail, spoken } = styles[step.status];
  const isHere = step.status === 'current' || step.status === 'held';
  return (
    <li
      aria-current={isHere ? 'step' : undefined}
      className="relative flex min-w-0 flex-1 items-center gap-3 pb-3 last:pb-0 md:flex-col md:gap-1.5 md:pb-0 md:text-center"
    >
      {!isFirst && (
        <span
          aria-hidden="true"
          className={`absolute -top-3 left-[0.9rem] h-3 w-0.5 md:top-[0.9rem] md:right-[calc(50%+1.25rem)] md:left-[calc(-50%+1.25rem)] md:h-0.5 md:w-auto ${rail}`}
        />
      )}
      <span className={`relative grid size-8 shrink-0 place-items-center rounded-full border-2 ${disc}`}>
        <Icon name={icon} size={15} />
      </span>
      <span className="min-w-0 md:w-full">
        <span
          className={`text-sm md:block ${step.status === 'upcoming' || step.status === 'skipped' ? 'text-muted' : 'font-semibold'}`}
        >
          {step.label}
        </span>
        {step.hint && (
          <span className="ml-2 text-xs break-words text-muted md:ml-0 md:block">{step.hint}</span>
        )}
        <span className="sr-only">, {spoken}</span>
      </span>
    </li>
  );
}
