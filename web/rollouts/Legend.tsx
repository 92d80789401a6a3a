import { segments } from './segments';
import type { Tally } from './tally';

/** What the colours mean, with the sums over all stages. */
export function Legend({ tally }: { tally: Tally }) {
  return (
    <ul aria-label="Tenants" className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
      {segments.map(({ key, label, fill }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span aria-hidden="true" className={`size-2.5 rounded-full ${fill}`} />
          <strong className="tabular-nums">{tally[key].toLocaleString('en')}</strong>
          <span className="text-muted">{label}</span>
        </li>
      ))}
    </ul>
  );
}
