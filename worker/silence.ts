import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { ScanDeps } from '../activities/scans/scans';

/** Counts and logs how often scanners that have held a release for long were still silent. */
export function createSilenceWatch(registry: Registry, logger: Logger): ScanDeps['onSilence'] {
  const silences = new Counter({
    name: 'spillway_scanner_silences_total',
    help: 'Times that a required scanner was silent about a release that has waited for it for an hour or more.',
    labelNames: ['scanner'],
    registers: [registry],
  });
  return ({ silent, silentMs }, versionId) => {
    for (const scanner of silent) silences.inc({ scanner });
    logger.warn({ versionId, silent, silentMs }, 'a release waits for scanners');
  };
}
