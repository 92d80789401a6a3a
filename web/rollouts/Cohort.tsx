import { segments, spoken } from './segments';
import type { Tally } from './tally';

/** Up to this many tenants are drawn one by one; more are shown as a bar. */
const MAX_DOTS = 48;

/** The tenants of a stage: a dot each, or a bar where there are many. */
export function Cohort({ tally }: { tally: Tally }) {
  const all = segments.reduce((sum, { key }) => sum + tally[key], 0);
  const label = `Tenants of this stage: ${spoken(tally)}`;
  return all <= MAX_DOTS ? (
    <Dots tally={tally} label={label} />
  ) : (
    <Bar tally={tally} all={all} label={label} />
  );
}

function Dots({ tally, label }: { tally: Tally; label: string }) {
  return (
    <div role="img" aria-label={label} className="flex flex-wrap gap-1">
      {segments.flatMap(({ key, fill }) =>
        Array.from({ length: tally[key] }, (_, index) => (
          <span key={`${key} ${index}`} className={`size-3.5 rounded-full transition-colors ${fill}`} />
        )),
      )}
    </div>
  );
}

function Bar({ tally, all, label }: { tally: Tally; all: number; label: string }) {
  return (
    <div role="img" aria-label={label} className="flex h-3 overflow-hidden rounded-full bg-well">
      {segments.map(({ key, fill }) => (
        <span key={key} className={`h-full ${fill}`} style={{ width: `${(tally[key] / all) * 100}%` }} />
      ))}
    </div>
  );
}
