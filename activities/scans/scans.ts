import type { Knex } from 'knex';
import { listKeys } from '../../adapters/db/identity/keys';
import { recordEntry } from '../../adapters/db/releases/notes';
import { readRelease, type ReleaseRecord } from '../../adapters/db/releases/record';
import { revokeLeaked } from '../../adapters/db/scans/leakedTokens';
import { storeScan } from '../../adapters/db/scans/scans';
import { alertSilence } from '../../adapters/db/scans/silence';
import type { CheckedFile } from '../../adapters/scanners/checker/protocol';
import type { OnTokens, Scanner } from '../../adapters/scanners/scanner';
import type { Scratch } from '../../adapters/objects/scratch';
import { isRevoked } from '../../core/identity/keys';
import type { Waiting } from '../../core/releases/checkTurns';
import { buildEndedReport, listScanProblems, type ScanReport } from '../../core/scans/report';
import { describeHeldScan, describeScan } from '../../core/scans/timeline';
import { withFailures } from '../failures';
import { withHeartbeat } from '../heartbeat';
import { countEnds } from '../releases/checkEnds';
import { inTurn } from '../releases/checkTurns';
import { toStoredPackage } from '../releases/uploads';
import type { ScanActivities, ScanRecordActivities, ScannerPolicy, ScanSummary } from './types';

/** A scanner as this platform runs it. */
export interface EngagedScanner {
  scanner: Pick<Scanner, 'name' | 'version' | 'rulesDigest'>;
  policy: ScannerPolicy;
  /**
   * Reads the package in a process of its own.
   *
   * @param onTokens told the SHA-256 of each text in the package that may be a token of this platform
   * @throws CheckEnded when the package ends the process
   */
  run(file: CheckedFile, signal: AbortSignal, onTokens: OnTokens): Promise<ScanReport>;
}

export interface ScanDeps {
  db: Knex;
  scratch: Scratch;
  clock: () => Date;
  scanners: readonly EngagedScanner[];
  /** Told of each report, for the log. */
  onScan: (report: ScanReport, versionId: string) => void;
  /** Told of scanners that have held a release for long, each time they are about to be asked again. */
  onSilence: (silence: { silent: readonly string[]; silentMs: number }, versionId: string) => void;
}

/** Runs scanners over the local copy of a package, and keeps what they report. */
export function createScanActivities(deps: ScanDeps): ScanActivities & ScanRecordActivities {
  const { db, clock, scanners } = deps;
  return withFailures<ScanActivities & ScanRecordActivities>({
    listScanners: () => Promise.resolve(scanners.map(({ policy }) => policy)),
    runScanner: ({ releaseId, scanner }) =>
      withHeartbeat(({ signal }) => scanAndStore(deps, releaseId, scanner, signal)),
    recordScanHold: async ({ releaseId, silentMs = 0, ...held }) => {
      await recordEntry(db, releaseId, describeHeldScan(held), clock());
      const release = await readRelease(db, releaseId);
      const silence = { silent: held.silent, silentMs };
      if (await alertSilence(db, release, silence, clock())) deps.onSilence(silence, release.versionId);
    },
  });
}

async function scanAndStore(
  deps: ScanDeps,
  releaseId: string,
  name: string,
  signal: AbortSignal,
): Promise<ScanSummary | Waiting> {
  const engaged = deps.scanners.find(({ scanner }) => scanner.name === name);
  // A worker of another version may not have the scanner: that is no verdict.
  if (!engaged) return { scanner: name, verdict: 'inconclusive', problems: [] };
  const release = await readRelease(deps.db, releaseId);
  return inTurn(deps, release, name, () => scanInTurn(deps, release, engaged, signal));
}

async function scanInTurn(
  deps: ScanDeps,
  release: ReleaseRecord,
  engaged: EngagedScanner,
  signal: AbortSignal,
): Promise<ScanSummary> {
  const { releaseId } = release;
  const { name } = engaged.scanner;
  const scanned = await countEnds(deps, { releaseId, check: name }, () =>
    scan(deps, release, engaged, signal),
  );
  // A cancelled run is no verdict of the scanner, and nothing to keep.
  signal.throwIfAborted();
  const report =
    scanned.outcome === 'finished' ? scanned.result : buildEndedReport(engaged, scanned.detail, deps.clock());
  deps.onScan(report, release.versionId);
  const { group } = engaged.policy;
  await storeScan(deps.db, release, report, describeScan(report, group), deps.clock());
  return { scanner: name, verdict: report.verdict, problems: listScanProblems(report, group) };
}

async function scan(
  { db, scratch, clock }: ScanDeps,
  release: ReleaseRecord,
  engaged: EngagedScanner,
  signal: AbortSignal,
): Promise<ScanReport> {
  const registered = await listKeys(db, release.publisherId);
  const keys = registered.filter((key) => !isRevoked(key)).map(({ armored }) => armored);
  const file = { bytes: release.packageBytes, keys, now: clock().toISOString() };
  const onTokens: OnTokens = (hashes) => revokeLeaked(db, release, hashes, clock());
  return scratch.withPackage(
    toStoredPackage(release),
    (path) => engaged.run({ path, ...file }, signal, onTokens),
    signal,
  );
}
