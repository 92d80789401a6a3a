/** How bad a finding is: `critical` makes the verdict fail, the others are shown to the reviewer. */
export type Severity = 'info' | 'warning' | 'critical';

/** One thing that a scanner found, with evidence that never holds the secret itself. */
export interface ScanFinding {
  /** Stable id of the rule inside its scanner, such as `executable-outside-backend`. */
  rule: string;
  severity: Severity;
  /** Path inside the package. */
  path?: string;
  /** Counted from 1. */
  line?: number;
  detail: string;
}

/** Evidence is bounded: a hostile package must fill neither the database nor a workflow's history. */
export const MAX_FINDINGS = 100;
export const MAX_DETAIL_LENGTH = 300;
const MAX_PATH_LENGTH = 300;

const RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** How many findings there are of each severity. */
export type FindingCounts = Record<Severity, number>;

/** The rule of the last finding of a list that was cut: it says how many are not shown. */
export const MORE_FINDINGS_RULE = 'more-findings';

/** Where something was found: a path inside the package, and its line where that is known. */
export const formatPlace = ({
  path,
  line,
}: {
  path?: string | undefined;
  line?: number | undefined;
}): string | undefined => (path === undefined || line === undefined ? path : `${path}:${line}`);

export function countFindings(findings: readonly ScanFinding[]): FindingCounts {
  const counts: FindingCounts = { critical: 0, warning: 0, info: 0 };
  for (const { severity } of findings) counts[severity] += 1;
  return counts;
}

/** The worst first, at most {@link MAX_FINDINGS}; the last then says how many are not shown. */
export function limitFindings(findings: readonly ScanFinding[]): ScanFinding[] {
  const sorted = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  if (sorted.length <= MAX_FINDINGS) return sorted.map(limitFinding);
  const left = sorted.length - MAX_FINDINGS + 1;
  return [
    ...sorted.slice(0, MAX_FINDINGS - 1).map(limitFinding),
    { rule: MORE_FINDINGS_RULE, severity: 'info', detail: `${left} more findings are not shown.` },
  ];
}

function limitFinding(finding: ScanFinding): ScanFinding {
  const path = finding.path === undefined ? {} : { path: shorten(finding.path, MAX_PATH_LENGTH) };
  return { ...finding, ...path, detail: shorten(finding.detail, MAX_DETAIL_LENGTH) };
}

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;
