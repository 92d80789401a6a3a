import type { ReleaseState } from '../../core/releases/state';
import { plural } from '../../core/plural';
import { Loading } from '../ui/Blank';
import { Card } from '../ui/Card';
import { ProblemNote } from '../ui/ProblemNote';
import { groupTimeline } from './groups';
import { TimelineFold, TimelineEntry } from './TimelineEntry';
import type { LiveTimeline } from './useTimeline';
import { Waiting } from './Waiting';

/** Every step of the release with its time; it updates itself while the release is in progress. */
export function TimelineCard({ timeline, state }: { timeline: LiveTimeline; state: ReleaseState }) {
  const { events, connection, problem } = timeline;
  const isConnecting = connection === 'connecting' || (events.length === 0 && connection === 'live');
  return (
    <Card
      title="Timeline"
      aside={<span className="text-sm text-muted">{plural(events.length, 'step')}</span>}
    >
      {problem !== undefined && <ProblemNote problem={problem} />}
      {isConnecting && events.length === 0 && <Loading label="Loading the timeline" rows={2} />}
      <ol className="grid">
        {groupTimeline(events).map((group) =>
          group.events.length === 1 ? (
            <TimelineEntry key={group.events[0].seq} event={group.events[0]} sinceMs={group.sinceMs} />
          ) : (
            <TimelineFold key={group.events[0].seq} group={group} />
          ),
        )}
        <Waiting state={state} />
      </ol>
      {/* Screen readers hear only the newest entry, not the whole list each time it grows. */}
      <p aria-live="polite" className="sr-only">
        {events.at(-1)?.text}
      </p>
    </Card>
  );
}
