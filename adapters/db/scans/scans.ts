import type { Knex } from 'knex';
import { PLATFORM } from '../../../core/ids';
import { writeTimeline } from '../releases/timeline';
import { inTransaction } from '../transaction';

/** A scanner's report as it is kept: what it found, by which rules, under which policy. */
export interface StoredScan {
  scanner: string;
  version: string;
  /** SHA-256 over the rules, in lower-case hex. */
  rulesDigest: string;
  verdict: 'pass' | 'fail' | 'inconclusive';
  policy: { enabled: boolean; enforced: boolean; required: boolean };
  findings: readonly object[];
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
}

/** Keeps the newest report of a scanner, with its line on the timeline; the same verdict says nothing new. */
export const storeScan = (
  knex: Knex,
  releaseId: string,
  scan: StoredScan,
  line: { kind: 'scan' | 'compatibility'; text: string },
  now: Date,
): Promise<void> =>
  inTransaction(knex, async (trx) => {
    const { scanner, verdict, rulesDigest } = scan;
    await trx('scans')
      .insert({
        release_id: releaseId,
        scanner,
        scanner_version: scan.version,
        rules_digest: rulesDigest,
        verdict,
        policy: JSON.stringify(scan.policy),
        findings: JSON.stringify(scan.findings),
        started_at: scan.startedAt,
        finished_at: scan.finishedAt,
      })
      .onConflict(['release_id', 'scanner'])
      .merge();
    const key = `scan:${scanner}:${verdict}:${rulesDigest}`;
    const data = { scanner, verdict, findings: scan.findings.length };
    await writeTimeline(trx, releaseId, { key, ...line, actor: PLATFORM, data }, now);
  });
