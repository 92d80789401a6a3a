import { ActivityFailure, isCancellation, sleep } from '@temporalio/workflow';
import { getBackoffMs } from '../../core/backoff';
import { HOUR } from '../../core/duration';
import type { Problem } from '../../core/errors/errors';
import type { Waiting } from '../../core/releases/checkTurns';
import { decideScans } from '../../core/scans/decision';
import { REJECTED_BY_SCANNER } from '../../core/scans/timeline';
import type { ScannerPolicy, ScanSummary } from '../../activities/scans/types';
import { publishStatus, requireRelease, transition, type ReleaseContext } from '../releases/context';
import { inTurn } from '../releases/turns';
import { scanners, scanRecords } from './effects';

/** Runs every scanner, content first and then a trial installation; returns why the release was rejected. */
export async function runScans(context: ReleaseContext): Promise<Problem[]> {
  const policies = (await scanRecords.listScanners()).filter((policy) => policy.enabled);
  for (const group of ['content', 'trial'] as const) {
    const problems = await runGroup(
      context,
      policies.filter((policy) => policy.group === group),
    );
    if (problems.length > 0) return reject(context, problems);
  }
  return [];
}

async function reject(context: ReleaseContext, problems: Problem[]): Promise<Problem[]> {
  await transition(context, 'rejected', 'nothing', { reason: REJECTED_BY_SCANNER, problems });
  return problems;
}

/**
 * A required scanner that is silent holds the release: absence is never a pass. The silent ones run
 * again, with pauses that double up to an hour, until they answer.
 */
async function runGroup(context: ReleaseContext, policies: ScannerPolicy[]): Promise<Problem[]> {
  const { releaseId, timings } = requireRelease(context);
  const summaries = new Map<string, ScanSummary>();
  let toRun = policies.map((policy) => policy.name);
  let heldSince: number | undefined;
  for (let attempt = 1; ; attempt += 1) {
    const answers = await inTurn(
      context,
      toRun.map((scanner) => () => runOne(releaseId, scanner)),
    );
    for (const answer of answers) summaries.set(answer.scanner, answer);
    const decision = decideScans([...summaries.values()], policies);
    if (decision.outcome === 'reject') return decision.problems;
    if (decision.outcome === 'proceed') return [];
    const retryInMs = getBackoffMs(attempt, { firstMs: timings.scanRetryMs, longestMs: HOUR });
    heldSince ??= Date.now();
    const silentMs = Date.now() - heldSince;
    await scanRecords.recordScanHold({ releaseId, silent: decision.silent, retryInMs, attempt, silentMs });
    publishStatus(context, `results of ${decision.silent.join(', ')}`);
    await sleep(retryInMs);
    toRun = decision.silent;
  }
}

/** A scanner whose attempts are used up is silent. */
async function runOne(releaseId: string, scanner: string): Promise<ScanSummary | Waiting> {
  try {
    return await scanners.runScanner({ releaseId, scanner });
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    return { scanner, verdict: 'inconclusive', problems: [] };
  }
}
