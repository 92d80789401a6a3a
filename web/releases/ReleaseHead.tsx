import type { ReleaseView } from '../../contracts/releases/view';
import { Badge } from '../ui/Badge';
import { StateBadge } from './StateBadge';
import { PageHead } from '../ui/PageHead';
import { RelativeTime } from '../ui/Time';
import { LiveBadge } from './LiveBadge';
import { describeState } from './states';
import type { Connection } from './timelineStream';

export function ReleaseHead({ release, connection }: { release: ReleaseView; connection: Connection }) {
  const { name, version, channel, state, publisherId, pluginId, submittedAt } = release;
  return (
    <PageHead
      title={`${name} ${version}`}
      tabTitle={`${name} ${version}, ${describeState(state).label.toLowerCase()}`}
      lead={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          <StateBadge state={state} />
          <Badge>{channel}</Badge>
          <span className="break-all">{pluginId}</span>
          <span>
            by <strong className="text-ink">{publisherId}</strong>
          </span>
          <span>
            submitted <RelativeTime at={submittedAt} />
          </span>
        </span>
      }
      aside={<LiveBadge connection={connection} />}
    />
  );
}
