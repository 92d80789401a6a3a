import type { ReviewDetail } from '../../contracts/reviews/queue';
import { formatSpan } from '../format/time';
import { formatShare } from '../format/words';
import { Badge } from '../ui/Badge';
import { Card, Fact, Facts } from '../ui/Card';
import { RelativeTime } from '../ui/Time';

type Rollout = ReviewDetail['requestedRollout'];

/** More tenants than this are counted, so that a long list does not hide the stages. */
const MAX_NAMED = 12;

/** What an approval sets going: who gets the version when, as the publisher asks for it. */
export function RequestedRolloutCard({ rollout }: { rollout: Rollout }) {
  const { type, stages, allow, deny } = rollout;
  return (
    <Card title="Rollout after approval" aside={<Badge>{type}</Badge>}>
      <ol className="grid gap-2">
        {stages.map((stage, index) => (
          <li
            key={stage.basisPoints}
            className="flex flex-wrap items-baseline gap-x-3 rounded-lg bg-well px-3 py-2"
          >
            <span className="text-xs text-muted">Stage {index + 1}</span>
            <strong>{formatShare(stage.basisPoints)} of tenants</strong>
            <span className="text-sm">
              {stage.durationMs === 0 ? 'not watched' : `watched for ${formatSpan(stage.durationMs)}`}
            </span>
            {stage.startAt && (
              <span className="text-sm">
                not before <RelativeTime at={stage.startAt} />
              </span>
            )}
          </li>
        ))}
      </ol>
      {allow.length + deny.length > 0 && (
        <div className="mt-3">
          <Facts>
            <Tenants name="Always offered to" tenants={allow} />
            <Tenants name="Never offered to" tenants={deny} />
          </Facts>
        </div>
      )}
    </Card>
  );
}

function Tenants({ name, tenants }: { name: string; tenants: readonly string[] }) {
  if (tenants.length === 0) return null;
  const more = tenants.length - MAX_NAMED;
  return (
    <Fact name={`${name} (${tenants.length})`}>
      <span className="text-sm" title={tenants.join(', ')}>
        {tenants.slice(0, MAX_NAMED).join(', ')}
        {more > 0 && ` and ${more} more`}
      </span>
    </Fact>
  );
}
