import type { ErrorCode } from '../errors/errors';

/** What a host meets because of itself; it says nothing about the version. */
const ownTrouble: ReadonlySet<string> = new Set<ErrorCode>([
  'HOST_INCOMPATIBLE',
  'HOST_FOLDER_BUSY',
  'INSTALL_BACKUP_MISSING',
  'INSTALL_BUSY',
  'INSTALL_SOURCE_REFUSED',
  'PUBLISHER_CHANGED',
]);

/** Whether a report is a result of the version's own. A failure without a known code is one. */
export const isResultOfVersion = (report: { kind: string; errorCode?: string | undefined }): boolean =>
  !(report.kind === 'failed' && report.errorCode !== undefined && ownTrouble.has(report.errorCode));

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

/**
 * What a further report of a tenant counts. A tenant has one result: the first of the version's own, and a failure
 * takes the place of a success but never the reverse, so that repeating or taking back what was said moves nothing.
 */
export function countReport(
  before: Counted,
  report: { kind: string; errorCode?: string | undefined },
): { after: Counted; change: CounterChange } {
  const same = { after: before, change: NO_CHANGE };
  if (!isResultOfVersion(report)) return same;
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
