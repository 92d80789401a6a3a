import type { EngagedScanner } from '../../activities/scans/scans';
import type { ScannerPolicy } from '../../activities/scans/types';
import { carryOut } from '../../adapters/scanners/checker/carryOut';
import { createChecks, type Checks } from '../../adapters/scanners/checker/checks';
import { contentScanners } from '../../adapters/scanners/registry';
import type { Scanner } from '../../adapters/scanners/scanner';

/** Checks in the test's own process, by the code that a checker runs; with other scanners than the product's. */
export const inlineChecks = (scanners: readonly Scanner[] = contentScanners()): Checks =>
  createChecks((job) => carryOut(job, scanners));

/** A scanner of a test, as the worker runs those of the product. */
export const engageInline = (scanner: Scanner, policy: ScannerPolicy): EngagedScanner => ({
  scanner,
  policy,
  run: (file, signal, onTokens) => inlineChecks([scanner]).scan(file, policy, signal, onTokens),
});
