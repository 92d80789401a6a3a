import type { Knex } from 'knex';
import { listKeys } from '../../adapters/db/identity/keys';
import { recordEntry } from '../../adapters/db/releases/notes';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { storeScan } from '../../adapters/db/scans/scans';
import { runScanner } from '../../adapters/scanners/run';
import type { Scanner } from '../../adapters/scanners/scanner';
import type { Scratch } from '../../adapters/objects/scratch';
import type { Limit } from '../../platform/limit';
import { isRevoked } from '../../core/identity/keys';
import { listScanProblems, type ScanReport } from '../../core/scans/report';
import { describeHeldScan, describeScan } from '../../core/scans/timeline';
import { openPackage } from '../../pxp/openPackage';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import type { ScanActivities, ScanRecordActivities, ScannerPolicy, ScanSummary } from './types';
import { toStoredPackage } from '../releases/uploads';

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
  readLimit: Limit;
  /** How long one scanner may take, in milliseconds. */
  scanTimeoutMs: number;
  /** Told of each report, for the log. */
  onScan: (report: ScanReport, versionId: string) => void;
}

/** Runs scanners over the local copy of a package, and keeps what they report. */
export function createScanActivities(deps: ScanDeps): ScanActivities & ScanRecordActivities {
  const { db, clock, scanners } = deps;
  return withFailures<ScanActivities & ScanRecordActivities>({
    listScanners: () => Promise.resolve(scanners.map(({ policy }) => policy)),
    runScanner: ({ releaseId, scanner }) =>
      withHeartbeat(({ signal }) => scanAndStore(deps, releaseId, scanner, signal)),
    recordScanHold: ({ releaseId, ...held }) => recordEntry(db, releaseId, describeHeldScan(held), clock()),
  });
}

async function scanAndStore(
  deps: ScanDeps,
  releaseId: string,
  name: string,
  signal: AbortSignal,
): Promise<ScanSummary> {
  const engaged = deps.scanners.find(({ scanner }) => scanner.name === name);
  // A worker of another version may not have the scanner: that is no verdict.
  if (!engaged) return { scanner: name, verdict: 'inconclusive', problems: [] };
  const release = await readRelease(deps.db, releaseId);
  const run = () => scan(deps, release, engaged, signal);
  const report = await (engaged.policy.group === 'content' ? deps.readLimit(run) : run());
  // A cancelled run is no verdict of the scanner, and nothing to keep.
  signal.throwIfAborted();
  const { group } = engaged.policy;
  await storeScan(deps.db, release, report, describeScan(report, group), deps.clock());
  return { scanner: name, verdict: report.verdict, problems: listScanProblems(report, group) };
}

async function scan(
  deps: ScanDeps,
  release: ReleaseRecord,
  { scanner, policy }: EngagedScanner,
  signal: AbortSignal,
): Promise<ScanReport> {
  const { db, scratch, clock, scanTimeoutMs: timeoutMs } = deps;
  const registered = await listKeys(db, release.publisherId);
  const keys = registered.filter((key) => !isRevoked(key)).map(({ armored }) => armored);
  const { manifest, packageBytes: bytes } = release;
  const scanOpened = async (path: string): Promise<ScanReport> => {
    const opened = await openPackage(path);
    try {
      const input = { package: opened, path, bytes, manifest, signature: { keys, now: clock() } };
      return await runScanner(scanner, { policy, input, timeoutMs, now: clock, signal });
    } finally {
      await opened.close();
    }
  };
  const report = await scratch.withPackage(toStoredPackage(release), scanOpened, signal);
  deps.onScan(report, release.versionId);
  return report;
}
