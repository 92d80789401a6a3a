import type { Problem } from './errors';

export type ScanVerdict = 'pass' | 'fail' | 'inconclusive';

/** What a scanner's word is worth. Enforced: a fail rejects. Required: silence holds. */
export interface ScanPolicy {
  name: string;
  enabled: boolean;
  enforced: boolean;
  required: boolean;
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
 * that is not enforced is a warning for the reviewer.
 */
export function decideScans(results: readonly ScanResult[], policies: readonly ScanPolicy[]): ScanDecision {
  const enabled = policies.filter((policy) => policy.enabled);
  const of = (name: string) => results.find((result) => result.scanner === name);
  const problems = enabled
    .filter((policy) => policy.enforced && of(policy.name)?.verdict === 'fail')
    .flatMap((policy) => of(policy.name)?.problems ?? []);
  if (problems.length > 0) return { outcome: 'reject', problems };
  const silent = enabled
    .filter((policy) => policy.required && (of(policy.name)?.verdict ?? 'inconclusive') === 'inconclusive')
    .map((policy) => policy.name);
  return silent.length > 0 ? { outcome: 'hold', silent } : { outcome: 'proceed' };
}
