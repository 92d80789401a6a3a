import { problem, type Problem } from '../errors/errors';
import { isDistrusted, type KeyRevocation } from '../identity/keys';
import type { ReleaseState } from '../releases/state';
import { decideScans, type ScanResult } from '../scans/decision';
import type { ScanPolicy } from '../scans/policy';
import { describeOwn, type DecisionFacts } from './decision';
import type { ReviewDecision } from './states';

/** What is on record about a release that is to be listed. Digests are lower-case hex. */
export interface ListingEvidence {
  versionId: string;
  publisherId: string;
  /** For whom the publisher's tokens were issued. */
  publisherPersons: readonly string[];
  state: ReleaseState;
  /** The package that will be offered. */
  packageSha256: string;
  verifiedSha256: string | null;
  /** How the key that signed the package was revoked; undefined when nobody registered it. */
  signingKey: KeyRevocation | undefined;
  /** Each scanner's newest result, with the package that it read. */
  scans: readonly (ScanResult & { packageSha256: string | null })[];
  /** The decision that the release took. */
  decision: (DecisionFacts & { decision: ReviewDecision }) | undefined;
}

/**
 * Everything that is missing before a version may be listed: under one digest the verified package, every
 * required scan, and the approval of somebody else than its publisher. Absence is never a pass.
 */
export function listMissingEvidence(evidence: ListingEvidence, policies: readonly ScanPolicy[]): Problem[] {
  const { versionId, packageSha256, state } = evidence;
  const missing = [
    state === 'scheduled' ? [] : [`it is ${state} instead of scheduled`],
    evidence.verifiedSha256 === packageSha256 ? [] : ['its package was not verified'],
    isTrusted(evidence.signingKey) ? [] : ['its signing key is not registered or is distrusted'],
    listMissingScans(evidence, policies),
    listMissingApproval(evidence),
  ].flat();
  return missing.map((what) => problem('EVIDENCE_MISSING', `${versionId} cannot be listed: ${what}.`));
}

/** What was submitted before its key was superseded or retired may still be listed. */
const isTrusted = (key: KeyRevocation | undefined): boolean => key !== undefined && !isDistrusted(key);

function listMissingScans(
  { scans, packageSha256 }: ListingEvidence,
  policies: readonly ScanPolicy[],
): string[] {
  const ofPackage = scans.filter((scan) => scan.packageSha256 === packageSha256);
  const decision = decideScans(ofPackage, policies);
  if (decision.outcome === 'reject') return ['a scanner rejects its package'];
  if (decision.outcome === 'proceed') return [];
  return decision.silent.map((scanner) => `the scan ${scanner} of its package is missing`);
}

function listMissingApproval(evidence: ListingEvidence): string[] {
  const { decision, packageSha256 } = evidence;
  if (decision?.decision !== 'approve') return ['no reviewer approved it'];
  if (decision.packageSha256 !== packageSha256) return ['the approval is about another package'];
  return describeOwn(decision, evidence) === undefined ? [] : ['its publisher approved it'];
}
