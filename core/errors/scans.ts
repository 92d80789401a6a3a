import { entry, EXIT, type CatalogueEntry } from './entry';

/** What scanners found. */
// prettier-ignore
export const scansErrors = {
  SCAN_REJECTED: entry(422, EXIT.refused, 'A scanner rejected the package', 'Fix the listed findings and publish a new submission.'),
  COMPATIBILITY_FAILED: entry(422, EXIT.refused, 'The plugin did not start in a trial host', 'Fix what the health check reports and publish a new submission.'),
  CHECKER_ENDED: entry(422, EXIT.refused, 'The package kept ending the process that checks it', 'Publish a new submission with fewer or smaller files; if the package is an ordinary one, ask the operators to look at it.'),
} as const satisfies Record<string, CatalogueEntry>;
