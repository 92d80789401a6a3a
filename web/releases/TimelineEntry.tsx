import type { TimelineEvent } from '../../contracts/releases/timeline';
import { plural } from '../../core/plural';
import { formatAbsolute, formatElapsed } from '../format/time';
import { softTones } from '../ui/tones';
import { Icon } from '../ui/Icon';
import { RelativeTime } from '../ui/Time';
import type { TimelineGroup } from './groups';
import { describeEvent } from './kinds';

export const entryShape =
  'relative flex gap-3 pb-4 before:absolute before:top-8 before:bottom-0 before:left-[0.9375rem] before:w-px before:bg-line last:pb-0 last:before:hidden';

export function TimelineEntry({ event, sinceMs }: { event: TimelineEvent; sinceMs: number | undefined }) {
  return (
    <li className={`${entryShape} animate-arrive`}>
      <Disc event={event} />
      <div className="min-w-0 flex-1 pt-0.5">
        <p className="break-words">{event.text}</p>
        <When event={event} sinceMs={sinceMs} />
      </div>
    </li>
  );
}

/** A run of install reports: how many and when, with the single ones in a disclosure. */
export function TimelineFold({ group }: { group: TimelineGroup }) {
  const [first] = group.events;
  return (
    <li className={entryShape}>
      <Disc event={first} />
      <details className="min-w-0 flex-1 pt-0.5">
        <summary>{plural(group.events.length, 'install report')}</summary>
        <ul className="mt-2 grid gap-1 border-l border-line pl-3 text-sm">
          {group.events.map((event) => (
            <li key={event.seq} className="break-words">
              {event.text}
            </li>
          ))}
        </ul>
        <When event={first} sinceMs={group.sinceMs} />
      </details>
    </li>
  );
}

function Disc({ event }: { event: TimelineEvent }) {
  const { icon, tone } = describeEvent(event);
  return (
    <span
      className={`relative grid size-[1.875rem] shrink-0 place-items-center rounded-full ${softTones[tone]}`}
    >
      <Icon name={icon} size={15} />
    </span>
  );
}

function When({ event, sinceMs }: { event: TimelineEvent; sinceMs: number | undefined }) {
  return (
    <p className="flex flex-wrap gap-x-2 text-xs text-muted tabular-nums">
      <span>{formatAbsolute(event.at, Date.now())}</span>
      <span aria-hidden="true">·</span>
      <RelativeTime at={event.at} />
      {sinceMs !== undefined && (
        <>
          <span aria-hidden="true">·</span>
          <span title="Since the previous step">+{formatElapsed(sinceMs)}</span>
        </>
      )}
      {event.actor && (
        <>
          <span aria-hidden="true">·</span>
          <span className="break-all">{event.actor}</span>
        </>
      )}
    </p>
  );
}
