import { softTones } from '../ui/tones';
import type { Tone } from '../ui/tones';
import type { Connection } from './timelineStream';

const labels: Record<Connection, { label: string; tone: Tone; dot: string }> = {
  connecting: { label: 'Connecting', tone: 'neutral', dot: 'bg-edge' },
  live: { label: 'Live', tone: 'ok', dot: 'bg-ok-fill animate-beat' },
  reconnecting: { label: 'Reconnecting', tone: 'warn', dot: 'bg-warn-fill animate-beat' },
  ended: { label: 'Finished', tone: 'neutral', dot: 'bg-edge' },
  refused: { label: 'Not live', tone: 'bad', dot: 'bg-bad-fill' },
};

/** Whether the page is connected to the release's live events. */
export function LiveBadge({ connection }: { connection: Connection }) {
  const { label, tone, dot } = labels[connection];
  return (
    <span
      role="status"
      className={`inline-flex items-center gap-2 rounded-full px-3 py-1 text-sm font-semibold ${softTones[tone]}`}
    >
      <span aria-hidden="true" className={`size-2 rounded-full ${dot}`} />
      {label}
    </span>
  );
}
