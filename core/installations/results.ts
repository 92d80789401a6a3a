import { findTrouble, type TroubleKind } from '../rollouts/failureKinds';

/** What a tenant's installation of a version came to: one result a tenant and version. */
export const countedResults = ['installed', 'failed'] as const;
export type CountedResult = (typeof countedResults)[number];

/** What counts of a tenant's reports on a version so far. */
export interface Counted {
  result: CountedResult | null;
  /** The tenant left the version again. */
  returned: boolean;
}

/** By how much a report moves the counters that a stage is judged by. */
export interface CounterChange {
  installed: number;
  failed: number;
  rolledBack: number;
}

/** A report that moves no counter. */
export const NO_CHANGE: CounterChange = { installed: 0, failed: 0, rolledBack: 0 };

/** What a host reports, as far as it counts. */
interface ReportedResult {
  kind: string;
  errorCode?: string | undefined;
}

/** Whose trouble a report tells of; undefined for a result of the version's own, and for a word on health. */
export const findReportedTrouble = ({ kind, errorCode }: ReportedResult): TroubleKind | undefined =>
  kind === 'failed' ? findTrouble(errorCode) : undefined;

/**
 * What a further report of a tenant counts. A tenant has one result: the first of the version's own, and a failure
 * takes the place of a success but never the reverse, so that repeating or taking back what was said moves nothing.
 */
export function countReport(
  before: Counted,
  report: ReportedResult,
): { after: Counted; change: CounterChange } {
  const same = { after: before, change: NO_CHANGE };
  if (findReportedTrouble(report)) return same;
  if (report.kind === 'installed' && before.result === null) {
    return { after: { ...before, result: 'installed' }, change: { ...NO_CHANGE, installed: 1 } };
  }
  if (report.kind === 'failed' && before.result !== 'failed') {
    const installed = before.result === 'installed' ? -1 : 0;
    return { after: { ...before, result: 'failed' }, change: { ...NO_CHANGE, installed, failed: 1 } };
  }
  if (report.kind === 'rolled_back' && !before.returned) {
    return { after: { ...before, returned: true }, change: { ...NO_CHANGE, rolledBack: 1 } };
  }
  return same;
}

/**
 * The code of the trouble that a tenant is in with a version after a further report; null for none. Its result, which
 * only a tenant that was handed the package has, ends the trouble for good; until then the newest trouble counts.
 *
 * @param result what the tenant's installation came to, this report included
 */
export function followTrouble(
  before: string | null,
  report: ReportedResult,
  result: CountedResult | null,
): string | null {
  if (result !== null) return null;
  return findReportedTrouble(report) ? (report.errorCode ?? before) : before;
}
