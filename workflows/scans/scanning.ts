import { ActivityFailure, isCancellation, sleep } from '@temporalio/workflow';
import { HOUR } from '../../core/duration';
import type { Problem } from '../../core/errors/errors';
import { decideScans } from '../../core/scans/decision';
import type { ScannerPolicy, ScanSummary } from '../../activities/types';
import { scanners, scanRecords } from '../effects';
import { move, registered, show, type Line } from '../releases/context';

/** Runs every scanner, content first and then a trial installation; gives why the release was refused. */
export async function examine(line: Line): Promise<Problem[]> {
  const policies = (await scanRecords.listScanners()).filter((policy) => policy.enabled);
  for (const group of ['content', 'trial'] as const) {
    const problems = await runGroup(
      line,
      policies.filter((policy) => policy.group === group),
    );
    if (problems.length > 0) return reject(line, problems);
  }
  return [];
}

async function reject(line: Line, problems: Problem[]): Promise<Problem[]> {
  await move(line, 'rejected', 'nothing', { reason: 'A scanner refused the package.', problems });
  return problems;
}

/**
 * A required scanner that is silent holds the release: absence is never a pass. The silent ones are
 * asked again, with pauses that double up to an hour, until they answer.
 */
async function runGroup(line: Line, policies: ScannerPolicy[]): Promise<Problem[]> {
  const { releaseId, timings } = registered(line);
  const summaries = new Map<string, ScanSummary>();
  let toRun = policies.map((policy) => policy.name);
  for (let attempt = 1; ; attempt += 1) {
    const answers = await Promise.all(toRun.map((scanner) => runOne(releaseId, scanner)));
    for (const answer of answers) summaries.set(answer.scanner, answer);
    const decision = decideScans([...summaries.values()], policies);
    if (decision.outcome === 'reject') return decision.problems;
    if (decision.outcome === 'proceed') return [];
    const retryInMs = Math.min(HOUR, timings.scanRetryMs * 2 ** (attempt - 1));
    await scanRecords.noteHeldScan({ releaseId, silent: decision.silent, retryInMs, attempt });
    show(line, `the silent scanners ${decision.silent.join(', ')}`);
    await sleep(retryInMs);
    toRun = decision.silent;
  }
}

/** A scanner whose attempts are used up has said nothing. */
async function runOne(releaseId: string, scanner: string): Promise<ScanSummary> {
  try {
    return await scanners.runScanner({ releaseId, scanner });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { scanner, verdict: 'inconclusive', problems: [] };
  }
}
