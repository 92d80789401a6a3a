import { formatDuration } from '../duration';
import type { TimelineEntry } from '../releases/timeline';
import { findReportedTrouble } from './results';

/** What a host reported, as far as the timeline shows it. */
export interface ReportedInstall {
  reportId: string;
  kind: string;
  version: string;
  activeVersion: string | null;
  stage: number;
  elapsedMs: number;
  errorCode?: string | undefined;
  detail?: string | undefined;
}

/** Trouble that says nothing about the version is told in other words than its failure. */
const describeFailure = (
  tenantId: string,
  { version, errorCode, detail, ...report }: ReportedInstall,
): string => {
  const why = detail ?? errorCode ?? 'no reason was given.';
  return findReportedTrouble({ ...report, errorCode })
    ? `${tenantId} cannot take ${version} yet, for a reason of its own: ${why}`
    : `${tenantId} could not install ${version}: ${why}`;
};

const sentences: Record<string, (tenantId: string, report: ReportedInstall) => string> = {
  installed: (tenantId, { version, elapsedMs }) =>
    `${tenantId} installed ${version} in ${formatDuration(elapsedMs)}.`,
  failed: describeFailure,
  rolled_back: (tenantId, { version, activeVersion }) =>
    activeVersion
      ? `${tenantId} rolled back from ${version} to ${activeVersion}.`
      : `${tenantId} removed ${version}; it had no earlier version.`,
};

/** What a tenant's host did; undefined for reports that the timeline does not show. */
export function describeReport(tenantId: string, report: ReportedInstall): TimelineEntry | undefined {
  const text = sentences[report.kind]?.(tenantId, report);
  if (text === undefined) return undefined;
  const { reportId, kind, stage, elapsedMs, errorCode } = report;
  const trouble = findReportedTrouble(report);
  return {
    key: `report:${reportId}`,
    kind: 'install',
    text,
    actor: tenantId,
    data: {
      tenantId,
      kind,
      stage,
      elapsedMs,
      ...(errorCode ? { errorCode } : {}),
      ...(trouble ? { trouble } : {}),
    },
  };
}
