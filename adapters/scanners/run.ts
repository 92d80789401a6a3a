import { countFindings, limitFindings, type ScanFinding } from '../../core/scans/findings';
import type { ScanPolicy } from '../../core/scans/policy';
import { judgeFindings, type ScanReport } from '../../core/scans/report';
import { CheckEnded } from './checker/checkEnded';
import { ScannerNotRun, type FileInput, type ScanInput, type Scanner } from './scanner';

/** What a run needs besides the scanner. */
export interface ScanRun<Input extends FileInput = ScanInput> {
  policy: ScanPolicy;
  input: Omit<Input, 'signal'>;
  /** How long the scanner may take, in milliseconds; afterwards it is inconclusive. */
  timeoutMs: number;
  now: () => Date;
  /** Ends the run early, as when the work that it is part of is cancelled. */
  signal?: AbortSignal;
}

/**
 * Runs a scanner and reports on it. One that throws or takes too long is inconclusive, which the policy
 * judges.
 *
 * @throws CheckEnded when the scanner has a process of its own and the package ended it
 */
export async function runScanner<Input extends FileInput>(
  scanner: Scanner<Input>,
  run: ScanRun<Input>,
): Promise<ScanReport> {
  const { enabled, enforced, required } = run.policy;
  const startedAt = run.now().toISOString();
  const { findings, verdict } = await verdictWithin(scanner, run);
  return {
    scanner: scanner.name,
    version: scanner.version,
    rulesDigest: scanner.rulesDigest,
    verdict,
    findings: limitFindings(findings),
    counts: countFindings(findings),
    startedAt,
    finishedAt: run.now().toISOString(),
    policy: { enabled, enforced, required },
  };
}

type Outcome = Pick<ScanReport, 'verdict' | 'findings'>;

async function verdictWithin<Input extends FileInput>(
  scanner: Scanner<Input>,
  run: ScanRun<Input>,
): Promise<Outcome> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(new DOMException('out of time', 'TimeoutError')), run.timeoutMs);
  const signal = run.signal ? AbortSignal.any([stop.signal, run.signal]) : stop.signal;
  try {
    const findings = await Promise.race([scanner.scan({ ...run.input, signal } as Input), aborted(signal)]);
    return { verdict: judgeFindings(findings), findings };
  } catch (error) {
    if (error instanceof CheckEnded) throw error;
    return { verdict: 'inconclusive', findings: [unfinished(error)] };
  } finally {
    clearTimeout(timer);
  }
}

/** Rejects when the signal does, for a scanner that does not listen to it. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Only the kind of an error is told: its message may quote what was being scanned. */
function unfinished(error: unknown): ScanFinding {
  if (error instanceof ScannerNotRun) return { rule: 'not-run', severity: 'warning', detail: error.message };
  const kind = error instanceof Error ? error.name : typeof error;
  return { rule: 'scanner-unfinished', severity: 'info', detail: `The scanner did not finish (${kind}).` };
}
