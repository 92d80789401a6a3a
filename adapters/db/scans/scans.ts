import type { Knex } from 'knex';
import type { TimelineEntry } from '../../../core/releases/timeline';
import type { ScanReport } from '../../../core/scans/report';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

/** Keeps the newest report of a scanner over a package, with its entry on the timeline. */
export const storeScan = (
  knex: Knex,
  { releaseId, packageSha256 }: { releaseId: string; packageSha256: string },
  scan: ScanReport,
  entry: TimelineEntry,
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    await trx('scans')
      .insert({
        release_id: releaseId,
        scanner: scan.scanner,
        scanner_version: scan.version,
        rules_digest: scan.rulesDigest,
        verdict: scan.verdict,
        policy: JSON.stringify(scan.policy),
        findings: JSON.stringify(scan.findings),
        started_at: scan.startedAt,
        finished_at: scan.finishedAt,
        package_sha256: packageSha256,
      })
      .onConflict(['release_id', 'scanner'])
      .merge();
    await writeTimeline(trx, releaseId, entry, now);
  });
