import { problem, type Problem } from '../errors/errors';

export type ScanVerdict = 'pass' | 'fail' | 'inconclusive';

/** How bad a finding is: `critical` makes a verdict fail, the others are told to the reviewer. */
export type Severity = 'info' | 'warning' | 'critical';

/** One thing that a scanner saw, with evidence that never holds the secret itself. */
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

/** What a scanner's word is worth. Enforced: a fail rejects. Required: silence holds. */
export interface ScanPolicy {
  name: string;
  enabled: boolean;
  enforced: boolean;
  required: boolean;
}

/** What one run of one scanner said, with what it ran, so that it can be judged later. */
export interface ScanReport {
  scanner: string;
  version: string;
  /** SHA-256 over the rule data, in lower-case hex. */
  rulesDigest: string;
  verdict: ScanVerdict;
  findings: ScanFinding[];
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  /** The policy at the time of the run. */
  policy: Omit<ScanPolicy, 'name'>;
}

/** What a scanner said, with the sentences that the publisher reads when it failed. */
export interface ScanResult {
  scanner: string;
  verdict: ScanVerdict;
  problems: Problem[];
}

export type ScanDecision =
  { outcome: 'proceed' } | { outcome: 'reject'; problems: Problem[] } | { outcome: 'hold'; silent: string[] };

/**
 * What some scanners' results mean together. An enforced fail rejects, whatever else is missing;
 * a required scanner that is missing or inconclusive holds, because absence is never a pass; a fail
 * that is not enforced is a warning for the reviewer. Scanners that are not enabled have no say.
 */
export function decideScans(results: readonly ScanResult[], policies: readonly ScanPolicy[]): ScanDecision {
  const enabled = policies.filter((policy) => policy.enabled);
  const of = (name: string) => results.find((result) => result.scanner === name);
  const problems = enabled
    .filter((policy) => policy.enforced && of(policy.name)?.verdict === 'fail')
    .flatMap((policy) => spoken(policy.name, of(policy.name)?.problems ?? []));
  if (problems.length > 0) return { outcome: 'reject', problems };
  const silent = enabled
    .filter((policy) => policy.required && (of(policy.name)?.verdict ?? 'inconclusive') === 'inconclusive')
    .map((policy) => policy.name);
  return silent.length > 0 ? { outcome: 'hold', silent } : { outcome: 'proceed' };
}

/** A fail without a word is still a fail: the refusal then names the scanner. */
const spoken = (scanner: string, problems: Problem[]): Problem[] =>
  problems.length > 0 ? problems : [problem('SCAN_REJECTED', `The scanner ${scanner} refused the package.`)];

/** Fails on any critical finding. A scanner that could not finish is inconclusive: see its runner. */
export function verdictOf(findings: readonly ScanFinding[]): 'pass' | 'fail' {
  return findings.some((finding) => finding.severity === 'critical') ? 'fail' : 'pass';
}

/** Evidence is bounded: a hostile package must fill neither the database nor a workflow's history. */
export const MAX_FINDINGS = 100;
export const MAX_DETAIL_LENGTH = 300;
const MAX_PATH_LENGTH = 300;
const MAX_PROBLEMS = 5;

const RANK: Record<Severity, number> = { critical: 0, warning: 1, info: 2 };

/** The worst first, at most {@link MAX_FINDINGS}; the last then tells how many are not shown. */
export function boundedFindings(findings: readonly ScanFinding[]): ScanFinding[] {
  const sorted = [...findings].sort((a, b) => RANK[a.severity] - RANK[b.severity]);
  if (sorted.length <= MAX_FINDINGS) return sorted.map(boundedFinding);
  const left = sorted.length - MAX_FINDINGS + 1;
  return [
    ...sorted.slice(0, MAX_FINDINGS - 1).map(boundedFinding),
    { rule: 'more-findings', severity: 'info', detail: `${left} more findings are not shown.` },
  ];
}

function boundedFinding(finding: ScanFinding): ScanFinding {
  const path = finding.path === undefined ? {} : { path: shortened(finding.path, MAX_PATH_LENGTH) };
  return { ...finding, ...path, detail: shortened(finding.detail, MAX_DETAIL_LENGTH) };
}

const shortened = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 1)}…`;

/** What the publisher is told of a report that failed: the first critical findings and how many more. */
export function problemsOf(report: Pick<ScanReport, 'scanner' | 'verdict' | 'findings'>): Problem[] {
  if (report.verdict !== 'fail') return [];
  const critical = report.findings.filter((finding) => finding.severity === 'critical');
  const told = critical.slice(0, MAX_PROBLEMS).map(({ detail, path, line }) => {
    const pointer = path === undefined || line === undefined ? path : `${path}:${line}`;
    return problem('SCAN_REJECTED', `${report.scanner}: ${detail}`, pointer);
  });
  const more = critical.length - told.length;
  if (more === 0) return spoken(report.scanner, told);
  return [...told, problem('SCAN_REJECTED', `${report.scanner}: ${more} more findings.`)];
}
