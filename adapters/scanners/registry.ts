import type { ScanPolicy } from '../../core/scans/policy';
import { archiveFormScanner } from './archiveForm';
import { eicarScanner } from './eicar';
import { fileTypesScanner } from './fileTypes/scanner';
import type { Scanner } from './scanner';
import { secretsScanner } from './secrets/scanner';
import { signatureScanner } from './signature';

/** Every scanner of package contents, cheapest proof first. A new one is a line here and in the policies. */
export function contentScanners(): Scanner[] {
  return [archiveFormScanner(), signatureScanner(), fileTypesScanner(), secretsScanner(), eicarScanner()];
}

const strict = (name: string): ScanPolicy => ({ name, enabled: true, enforced: true, required: true });

/**
 * What holds unless the operators decide otherwise: all of them run, must answer, and a fail rejects.
 * What is a matter of taste is a warning among the findings, not a softer policy.
 */
export const DEFAULT_SCAN_POLICIES: readonly ScanPolicy[] = [
  strict('archive-form'),
  strict('signature'),
  strict('file-types'),
  strict('secrets'),
  strict('eicar'),
];
