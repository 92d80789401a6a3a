import type { Waiting } from '../../core/releases/checkTurns';
import type { ScanResult } from '../../core/scans/decision';
import type { ScanGroup, ScanPolicy } from '../../core/scans/policy';

/** Which scanners run, in which order of groups: content first, then a trial installation. */
export interface ScannerPolicy extends ScanPolicy {
  group: ScanGroup;
}

/** At most a few sentences; the evidence is in the database. */
export type ScanSummary = ScanResult;

/** Reads the package, or answers that it is not the release's turn yet; heartbeats. */
export interface ScanActivities {
  runScanner(input: { releaseId: string; scanner: string }): Promise<ScanSummary | Waiting>;
}

export interface ScanRecordActivities {
  listScanners(): Promise<ScannerPolicy[]>;
  /**
   * Records which required scanners have not answered, and when they run again; operators are told when it lasts.
   * A run that was begun by an earlier version does not say for how long it has waited.
   */
  recordScanHold(input: {
    releaseId: string;
    silent: string[];
    retryInMs: number;
    attempt: number;
    silentMs?: number;
  }): Promise<void>;
}
