import { findTrouble, type TroubleKind } from './failureKinds';
import type { InstallCounters, StageEvidence } from './verdict';

/** What is on record of a stage. */
export interface StageRecord extends InstallCounters {
  stage: number;
  cohort: number;
}

/** How many tenants of a stage are in trouble of one code and have no result. */
export interface TroubleCount {
  stage: number;
  code: string;
  tenants: number;
}

const none: InstallCounters = { installed: 0, failed: 0, rolledBack: 0 };

const add = (a: InstallCounters, b: InstallCounters): InstallCounters => ({
  installed: a.installed + b.installed,
  failed: a.failed + b.failed,
  rolledBack: a.rolledBack + b.rolledBack,
});

/** How many tenants are in trouble of one of these kinds. */
export const countTroubled = (counts: readonly TroubleCount[], ...kinds: readonly TroubleKind[]): number =>
  counts.reduce((sum, { code, tenants }) => {
    const kind = findTrouble(code);
    return kind && kinds.includes(kind) ? sum + tenants : sum;
  }, 0);

/**
 * The evidence on a stage, of what is on record of all stages so far. A tenant that cannot take the version because of
 * its own host belongs to no cohort until it can, so that it neither holds the others up nor stands for them. One that
 * the marketplace or the way to it keeps from the version stays in its cohort: it may still take it, and a stage in
 * which most cannot must not pass. How many are left out is part of the evidence, because a stage without a result is
 * only empty where nobody is.
 */
export function toEvidence(
  records: readonly StageRecord[],
  troubles: readonly TroubleCount[],
  stage: number,
): StageEvidence {
  const able = records.map((record) => {
    const own = troubles.filter((each) => each.stage === record.stage);
    // A tenant that came after the cohort was last counted belongs to none yet.
    const leftOut = Math.min(record.cohort, countTroubled(own, 'tenant'));
    return { ...record, leftOut, cohort: record.cohort - leftOut };
  });
  const own = able.find((record) => record.stage === stage);
  const { installed, failed, rolledBack } = own ?? none;
  return {
    cohort: own?.cohort ?? 0,
    totalCohort: able.reduce((sum, { cohort }) => sum + cohort, 0),
    leftOut: own?.leftOut ?? 0,
    totalLeftOut: able.reduce((sum, { leftOut }) => sum + leftOut, 0),
    stage: { installed, failed, rolledBack },
    total: able.reduce<InstallCounters>(add, none),
  };
}
