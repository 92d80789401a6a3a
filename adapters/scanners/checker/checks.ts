import { Refusal } from '../../../core/errors/errors';
import { getCheckDeadlineMs } from '../../../core/releases/checkEnds';
import type { ScanPolicy } from '../../../core/scans/policy';
import type { ScanReport } from '../../../core/scans/report';
import { CheckEnded } from './checkEnded';
import type { OnTokens } from '../scanner';
import type { CheckAnswer, CheckedFile, CheckJob, VerifiedFacts } from './protocol';

/** Everything that opens a stranger's package, for a process that must survive it. */
export interface Checks {
  /**
   * Verifies the package as `verifyPackage` does.
   *
   * @param sha256 what was announced for the file as a whole
   * @throws Refusal as `verifyPackage`; CheckEnded; Error for a fault of ours
   */
  verify(file: CheckedFile, sha256: string, signal: AbortSignal): Promise<VerifiedFacts>;
  /**
   * Runs one scanner of contents.
   *
   * @param onTokens told the SHA-256 of each text in the package that may be a token of this platform
   * @throws CheckEnded; Refusal for a package that cannot be opened; Error for a fault of ours
   */
  scan(file: CheckedFile, policy: ScanPolicy, signal: AbortSignal, onTokens?: OnTokens): Promise<ScanReport>;
}

/** Asks somebody to carry out a check of a package within a time. */
export type AskChecker = (
  job: CheckJob,
  run: { deadlineMs: number; signal: AbortSignal },
) => Promise<CheckAnswer>;

export const createChecks = (ask: AskChecker): Checks => ({
  async verify(file, sha256, signal) {
    const run = { deadlineMs: getCheckDeadlineMs(file.bytes), signal };
    const answer = await ask({ kind: 'verify', file, sha256 }, run);
    if (answer.kind === 'verified') return answer.verified;
    throw toError(answer);
  },
  async scan(file, { name, enabled, enforced, required }, signal, onTokens) {
    const run = { deadlineMs: getCheckDeadlineMs(file.bytes), signal };
    const policy = { name, enabled, enforced, required };
    const answer = await ask({ kind: 'scan', file, policy }, run);
    if (answer.kind !== 'report' || answer.report.scanner !== name) throw toError(answer);
    if (answer.tokenHashes.length > 0)
      await onTokens?.(answer.tokenHashes.map((hash) => Buffer.from(hash, 'hex')));
    return answer.report;
  },
});

function toError(answer: CheckAnswer): Error {
  if (answer.kind === 'refused') return new Refusal(answer.problems);
  if (answer.kind === 'exhausted') return new CheckEnded('memory');
  if (answer.kind === 'failed') return new Error(`The check could not be carried out (${answer.reason}).`);
  // An answer to something that was not asked.
  return new CheckEnded('output');
}
