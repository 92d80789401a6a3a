import type { Knex } from 'knex';
import { COMPATIBILITY } from '../../adapters/scanners/compatibility/scanner';
import { listKeys } from '../../adapters/db/identity/keys';
import { noteHeldScan } from '../../adapters/db/releases/notes';
import { readRelease } from '../../adapters/db/releases/record';
import { storeScan } from '../../adapters/db/scans/scans';
import { runScanner } from '../../adapters/scanners/run';
import type { Scanner } from '../../adapters/scanners/scanner';
import type { Scratch } from '../../adapters/objects/scratch';
import type { Limit } from '../../platform/limit';
import { formatDuration } from '../../core/duration';
import { problem, type ErrorCode, type Problem } from '../../core/errors/errors';
import type { ScanReport } from '../../core/scans/scans';
import { openPackage } from '../../pxp/openPackage';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { ScanActivities, ScannerPolicy, ScanSummary } from '../types';
import { storedPackageOf } from '../releases/uploads';

/** A scanner as this platform runs it. */
export interface EngagedScanner {
  scanner: Scanner;
  policy: ScannerPolicy;
}

export interface ScanDeps {
  db: Knex;
  scratch: Scratch;
  clock: () => Date;
  scanners: readonly EngagedScanner[];
  /** Bounds how many packages are read at once; a trial reads its own in another process. */
  turnstile: Limit;
  /** How long one scanner may take, in milliseconds. */
  scanTimeoutMs: number;
  /** Told of each report, for the log. */
  onScan: (report: ScanReport, versionId: string) => void;
}

/** Runs scanners over the local copy of a package, and keeps what they report. */
export function createScanActivities(deps: ScanDeps): ScanActivities {
  const { db, clock, scanners } = deps;
  return withFailures<ScanActivities>({
    listScanners: () => Promise.resolve(scanners.map(({ policy }) => policy)),
    runScanner: ({ releaseId, scanner }) =>
      withHeartbeat(({ signal }) => scanAndStore(deps, releaseId, scanner, signal)),
    noteHeldScan: async ({ releaseId, silent, retryInMs, attempt }) => {
      const names = silent.join(', ');
      const text = `No word yet from ${names}; asked again in ${formatDuration(retryInMs)}.`;
      await noteHeldScan(db, releaseId, { attempt, text, data: { silent, retryInMs, attempt } }, clock());
    },
  });
}

async function scanAndStore(
  deps: ScanDeps,
  releaseId: string,
  name: string,
  signal: AbortSignal,
): Promise<ScanSummary> {
  const engaged = deps.scanners.find(({ scanner }) => scanner.name === name);
  // A scanner that this worker does not have, as while versions change, has said nothing.
  if (!engaged) return { scanner: name, verdict: 'inconclusive', problems: [] };
  const run = () => scan(deps, releaseId, engaged, signal);
  const report = await (engaged.policy.group === 'content' ? deps.turnstile(run) : run());
  // A cancelled run is no word of the scanner, and nothing to keep.
  signal.throwIfAborted();
  const line = lineOf(report, engaged.policy.group);
  await storeScan(deps.db, releaseId, report, line, deps.clock());
  return { scanner: name, verdict: report.verdict, problems: problemsOf(report) };
}

async function scan(
  deps: ScanDeps,
  releaseId: string,
  { scanner, policy }: EngagedScanner,
  signal: AbortSignal,
): Promise<ScanReport> {
  const { db, scratch, clock, scanTimeoutMs: timeoutMs } = deps;
  const release = await readRelease(db, releaseId);
  const registered = await listKeys(db, release.publisherId);
  const keys = registered.filter(({ revokedAt }) => revokedAt === null).map(({ armored }) => armored);
  const { manifest, packageBytes: bytes } = release;
  const look = async (path: string): Promise<ScanReport> => {
    const opened = await openPackage(path);
    try {
      const input = { package: opened, path, bytes, manifest, signature: { keys, now: clock() } };
      return await runScanner(scanner, { policy, input, timeoutMs, now: clock, signal });
    } finally {
      await opened.close();
    }
  };
  const report = await scratch.withPackage(storedPackageOf(release), look, signal);
  deps.onScan(report, release.versionId);
  return report;
}

const words: Record<ScanSummary['verdict'], string> = {
  pass: 'let the package pass',
  fail: 'refused the package',
  inconclusive: 'has no word on the package',
};

function lineOf({ scanner, verdict, findings }: ScanReport, group: ScannerPolicy['group']) {
  const warnings = findings.filter(({ severity }) => severity !== 'info').length;
  const text = `Scanner ${scanner} ${words[verdict]}${warnings > 0 ? ` (findings: ${warnings})` : ''}.`;
  return { kind: group === 'trial' ? ('compatibility' as const) : ('scan' as const), text };
}

/** History holds a few sentences; the evidence is in the database. */
const TOLD_AT_MOST = 5;

function problemsOf({ scanner, verdict, findings }: ScanReport): Problem[] {
  if (verdict !== 'fail') return [];
  const code: ErrorCode = scanner === COMPATIBILITY ? 'COMPATIBILITY_FAILED' : 'SCAN_REJECTED';
  const critical = findings.filter(({ severity }) => severity === 'critical');
  return critical
    .slice(0, TOLD_AT_MOST)
    .map(({ detail, path }) => problem(code, `${scanner}: ${detail}`, path));
}
