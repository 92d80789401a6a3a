import { formatDuration } from '../duration';
import { PLATFORM } from '../ids';
import { plural } from '../plural';
import type { TimelineEntry } from '../releases/timeline';
import type { ScanGroup } from './policy';
import type { ScanReport, ScanVerdict } from './report';

const outcomes: Record<ScanVerdict, string> = {
  pass: 'passed the package',
  fail: 'rejected the package',
  inconclusive: 'could not reach a verdict',
};

/** Why a release was rejected after its scans; the problems beside it name the findings. */
export const REJECTED_BY_SCANNER = 'A scanner rejected the package.';

/** A scanner's verdict; the same verdict by the same rules is one entry, however often it is reached. */
export function describeScan(
  { scanner, verdict, rulesDigest, counts }: ScanReport,
  group: ScanGroup,
): TimelineEntry {
  const noted = counts.critical + counts.warning;
  const count = noted > 0 ? ` (${plural(noted, 'finding')})` : '';
  return {
    key: `scan:${scanner}:${verdict}:${rulesDigest}`,
    kind: group === 'trial' ? 'compatibility' : 'scan',
    text: `Scanner ${scanner} ${outcomes[verdict]}${count}.`,
    actor: PLATFORM,
    data: { scanner, verdict, findings: noted + counts.info },
  };
}

/** Required scanners have no verdict yet, and run again after a pause. */
export function describeHeldScan(held: {
  silent: readonly string[];
  retryInMs: number;
  attempt: number;
}): TimelineEntry {
  const { silent, retryInMs, attempt } = held;
  return {
    key: `scan_held:${silent.join('+')}:${attempt}`,
    kind: 'scan_held',
    text: `No verdict yet from ${silent.join(', ')}; trying again in ${formatDuration(retryInMs)}.`,
    actor: PLATFORM,
    data: { silent, retryInMs, attempt },
  };
}
