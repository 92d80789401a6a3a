import type { Problem } from '../errors/errors';
import type { ScanPolicy } from './policy';
import { listScanProblems, type ScanVerdict } from './report';

/** A scanner's verdict, with the sentences that the publisher reads when it failed. */
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
 * that is not enforced is a warning for the reviewer. Scanners that are not enabled do not count.
 */
export function decideScans(results: readonly ScanResult[], policies: readonly ScanPolicy[]): ScanDecision {
  const enabled = policies.filter((policy) => policy.enabled);
  const find = (name: string) => results.find((result) => result.scanner === name);
  const problems = enabled.filter(({ enforced }) => enforced).flatMap(({ name }) => listFailures(find(name)));
  if (problems.length > 0) return { outcome: 'reject', problems };
  const silent = enabled
    .filter(({ name, required }) => required && (find(name)?.verdict ?? 'inconclusive') === 'inconclusive')
    .map(({ name }) => name);
  return silent.length > 0 ? { outcome: 'hold', silent } : { outcome: 'proceed' };
}

/** A fail without a finding is still a fail: the refusal then names the scanner. */
function listFailures(result: ScanResult | undefined): Problem[] {
  if (result?.verdict !== 'fail') return [];
  return result.problems.length > 0 ? result.problems : listScanProblems({ ...result, findings: [] });
}
