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

export function sumTenants(stages: readonly Counters[]): Tally {
  const none: Tally = { running: 0, failed: 0, back: 0, waiting: 0 };
  return stages.map(countTenants).reduce(
    (sum, each) => ({
      running: sum.running + each.running,
      failed: sum.failed + each.failed,
      back: sum.back + each.back,
      waiting: sum.waiting + each.waiting,
    }),
    none,
  );
}
