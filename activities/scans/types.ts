import type { ScanResult } from '../../core/scans/decision';
import type { ScanGroup, ScanPolicy } from '../../core/scans/policy';

/** Which scanners run, in which order of groups: content first, then a trial installation. */
export interface ScannerPolicy extends ScanPolicy {
  group: ScanGroup;
}

/** At most a few sentences; the evidence is in the database. */
export type ScanSummary = ScanResult;

/** Reads the package; heartbeats. */
export interface ScanActivities {
  runScanner(input: { releaseId: string; scanner: string }): Promise<ScanSummary>;
}

export interface ScanRecordActivities {
  listScanners(): Promise<ScannerPolicy[]>;
  /** Records which required scanners have not answered, and when they run again. */
  recordScanHold(input: {
    releaseId: string;
    silent: string[];
    retryInMs: number;
    attempt: number;
  }): Promise<void>;
}
