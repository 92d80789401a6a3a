import type { TimelineEvent } from '../../contracts/releases/timeline';
import type { StageView } from '../../contracts/rollouts/rollout';

type Counters = Pick<StageView, 'cohort' | 'installed' | 'failed' | 'rolledBack'>;

/** How many tenants of a cohort are in which situation now. */
export interface Tally {
  running: number;
  failed: number;
  back: number;
  waiting: number;
}

/**
 * Counters count events: a tenant that installed and went back is in both. Here each tenant counts
 * once, by what it runs now. A report may come from outside the cohort (an earlier stage's tenant
 * that was slow), so `waiting` is never negative.
 */
export function countTenants({ cohort, installed, failed, rolledBack }: Counters): Tally {
  const back = Math.min(rolledBack, installed);
  const running = installed - back;
  return { running, failed, back, waiting: Math.max(0, cohort - running - failed - back) };
}

/**
 * The tenants of all stages together. The counters are summed first: a slow tenant of one stage that reports in the
 * next one is waited for no more.
 */
export function sumTenants(stages: readonly Counters[]): Tally {
  const sum = (field: keyof Counters) => stages.reduce((total, stage) => total + stage[field], 0);
  return countTenants({
    cohort: sum('cohort'),
    installed: sum('installed'),
    failed: sum('failed'),
    rolledBack: sum('rolledBack'),
  });
}

/** What of the timeline tells where tenants are. */
type Told = Pick<TimelineEvent, 'seq' | 'kind' | 'text' | 'data'>;

/** Where the tenants are that tried a version which was taken back. */
export interface Whereabouts {
  all: number;
  /** Who is not back. */
  left: number;
  /** What the rollback said when it was closed, as far as that is still so. */
  note: string | undefined;
}

/**
 * Hosts whose switch failed restored the previous version by themselves; the others are rolled back. The rollback
 * itself counted who was left when it was closed, which is more exact than the counters; who returned after that is
 * left no more.
 */
export function findWhereabouts(stages: readonly Counters[], events: readonly Told[]): Whereabouts {
  const { running, failed, back } = sumTenants(stages);
  const all = running + failed + back;
  const closing = events.findLast(({ kind }) => kind === 'rolled_back_everywhere');
  const counted = closing?.data['remaining'];
  if (!closing || typeof counted !== 'number') return { all, left: running, note: closing?.text };
  const returned = countReturns(events, closing.seq);
  const left = Math.max(0, Math.min(all, counted) - returned);
  if (returned === 0 || counted === 0) return { all, left, note: closing.text };
  const note = left === 0 ? 'The last of them came back after the rollback was closed.' : undefined;
  return { all, left, note };
}

/** How many tenants said after an entry that they are back. */
const countReturns = (events: readonly Told[], after: number): number =>
  new Set(
    events
      .filter(({ seq, kind, data }) => seq > after && kind === 'install' && data['kind'] === 'rolled_back')
      .map(({ data }) => data['tenantId']),
  ).size;
