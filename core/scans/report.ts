import { problem, type ErrorCode, type Problem } from '../errors/errors';
import { plural } from '../plural';
import { countFindings, formatPlace, type FindingCounts, type ScanFinding } from './findings';
import type { ScanGroup, ScanPolicy } from './policy';

export const scanVerdicts = ['pass', 'fail', 'inconclusive'] as const;
export type ScanVerdict = (typeof scanVerdicts)[number];

/** The outcome of one run of one scanner, with what it ran, so that it can be judged later. */
export interface ScanReport {
  scanner: string;
  version: string;
  /** SHA-256 over the rule data, in lower-case hex. */
  rulesDigest: string;
  verdict: ScanVerdict;
  /** The worst of what was found, bounded. */
  findings: ScanFinding[];
  /** Everything that was found, those findings included that the report has no room for. */
  counts: FindingCounts;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  /** The policy at the time of the run. */
  policy: Omit<ScanPolicy, 'name'>;
}

/** Fails on any critical finding. A scanner that could not finish is inconclusive: see its runner. */
export const judgeFindings = (findings: readonly ScanFinding[]): 'pass' | 'fail' =>
  findings.some(({ severity }) => severity === 'critical') ? 'fail' : 'pass';

/** The rule of a finding that says that the package has ended its check, not what is in it. */
const CHECKER_ENDED_RULE = 'checker-ended';

/** The report on a package that keeps ending the process of a scanner: it fails for that. */
export function buildEndedReport(
  engaged: { scanner: Pick<ScanReport, 'version' | 'rulesDigest'>; policy: ScanPolicy },
  detail: string,
  now: Date,
): ScanReport {
  const { name, enabled, enforced, required } = engaged.policy;
  const { version, rulesDigest } = engaged.scanner;
  const findings: ScanFinding[] = [{ rule: CHECKER_ENDED_RULE, severity: 'critical', detail }];
  return {
    ...{ scanner: name, version, rulesDigest, verdict: 'fail', findings, counts: countFindings(findings) },
    startedAt: now.toISOString(),
    finishedAt: now.toISOString(),
    policy: { enabled, enforced, required },
  };
}

const codes: Record<ScanGroup, ErrorCode> = { content: 'SCAN_REJECTED', trial: 'COMPATIBILITY_FAILED' };

/** A workflow's history holds a few sentences; the evidence is in the database. */
const MAX_PROBLEMS = 5;

/**
 * What the publisher is told of a report that failed: the first critical findings, each with its file and
 * line, and how many more there are.
 */
export function listScanProblems(
  report: Pick<ScanReport, 'scanner' | 'verdict' | 'findings'> & Partial<Pick<ScanReport, 'counts'>>,
  group: ScanGroup = 'content',
): Problem[] {
  const { scanner, verdict, findings, counts = countFindings(findings) } = report;
  if (verdict !== 'fail') return [];
  const code = codes[group];
  const critical = findings.filter(({ severity }) => severity === 'critical');
  const shown = critical
    .slice(0, MAX_PROBLEMS)
    .map((finding) =>
      problem(pickCode(finding, group), `${scanner}: ${finding.detail}`, formatPlace(finding)),
    );
  const more = counts.critical - shown.length;
  if (shown.length === 0) return [problem(code, `The scanner ${scanner} rejected the package.`)];
  return more === 0 ? shown : [...shown, problem(code, `${scanner}: ${plural(more, 'more finding')}.`)];
}

const pickCode = ({ rule }: ScanFinding, group: ScanGroup): ErrorCode =>
  rule === CHECKER_ENDED_RULE ? 'CHECKER_ENDED' : codes[group];
