import type { ReleaseView } from '../../contracts/releases/view';
import { plural } from '../../core/plural';

type Trouble = NonNullable<NonNullable<ReleaseView['rollout']>['troubles']>[number];

/** Tenants whose hosts cannot take the version though nothing is wrong with it: what is wrong where, and what helps. */
export function Troubles({ troubles }: { troubles: readonly Trouble[] }) {
  if (troubles.length === 0) return null;
  return (
    <section className="mt-4" aria-label="Tenants that wait">
      <h3 className="font-semibold">Waiting, and not because of this version</h3>
      <ul className="mt-2 grid gap-2 text-sm">
        {troubles.map(({ code, tenants, title, next }) => (
          <li key={code} className="min-w-0 break-words">
            {plural(tenants, 'tenant')}: {title}. <span className="block text-muted">{next}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
