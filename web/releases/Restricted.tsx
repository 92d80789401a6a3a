import type { RestrictionView } from '../../contracts/releases/restrictions';
import { describeAppeal, describeRestriction } from '../../core/releases/restrictions';
import { RelativeTime } from '../ui/Time';
import { Banner } from './Banner';

/** What withholds the version from tenants: its state alone would look as if it went on. */
export function Restricted({ restrictions }: { restrictions: readonly RestrictionView[] }) {
  if (restrictions.length === 0) return null;
  return (
    <Banner tone="bad" icon="shield" title="Restricted" label="Restrictions">
      <ul className="grid gap-2">
        {restrictions.map((each) => (
          <li key={each.restrictionId} className="min-w-0 break-words">
            {describeRestriction(each)}
            <span className="block text-sm">
              Imposed <RelativeTime at={each.imposedAt} /> by {each.imposedBy}. {describeAppeal(each)}
            </span>
          </li>
        ))}
      </ul>
    </Banner>
  );
}
