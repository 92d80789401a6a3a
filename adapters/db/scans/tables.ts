import { scanVerdicts, type ScanReport } from '../../../core/scans/report';
import { json, moment, nullable, oneOf, text, uuid } from '../columns';

export const scans = {
  release_id: uuid,
  scanner: text,
  scanner_version: text,
  rules_digest: text,
  verdict: oneOf(scanVerdicts),
  policy: json<ScanReport['policy']>(),
  findings: json<ScanReport['findings']>(),
  started_at: moment,
  finished_at: moment,
  package_sha256: nullable(text),
};
