import path from 'node:path';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index';
import type { EngagedScanner } from '../activities/scans/scans';
import type { ScannerPolicy } from '../activities/scans/types';
import { createTrial, type Containment, type Trial } from '../adapters/scanners/compatibility/trial';
import { createTrialScanner } from '../adapters/scanners/compatibility/scanner';
import { createInboxNotifier } from '../adapters/notifiers/inbox';
import type { Notifier } from '../adapters/notifiers/notifier';
import { contentScanners, DEFAULT_SCAN_POLICIES } from '../adapters/scanners/registry';
import type { Scanner } from '../adapters/scanners/scanner';
import { createScratch } from '../adapters/objects/scratch';
import type { ObjectStore } from '../adapters/objects/objectStore';
import { MINUTE } from '../core/duration';
import type { WorkerConfig } from './config';

/** Generous: two gigabytes under every scanner of a busy machine. */
const SCAN_TIMEOUT_MS = 20 * MINUTE;

export const createNotifiers = (): Notifier[] => [createInboxNotifier()];

/** Activities with their adapters, as this configuration wants them. */
export function createEffects(
  config: WorkerConfig,
  parts: { db: Knex; objects: ObjectStore; notifiers: readonly Notifier[]; logger: Logger; trial: Trial },
  containment: Containment,
) {
  const { db, objects, notifiers, logger, trial } = parts;
  return createActivities({
    db,
    objects,
    notifiers,
    scratch: createScratch({ ...config.scratch, objects }),
    scanners: engagedScanners(trial, trialPolicy(config, containment)),
    scanTimeoutMs: SCAN_TIMEOUT_MS,
    clock: () => new Date(),
    timings: config.timings,
    gate: config.gate,
    log: (line) => logger.info(line, 'publish'),
    onScan: ({ scanner, verdict, counts }, versionId) =>
      logger.info({ versionId, scanner, verdict, findings: counts }, 'scan'),
  });
}

export const createWorkerTrial = ({ trial, scratch }: WorkerConfig): Trial =>
  createTrial({ ...trial, dir: path.join(scratch.dir, 'trials') });

/**
 * A trial that cannot be contained does not run. Its silence holds the release like that of every required
 * scanner, unless the operator leaves it to the reviewers, who then see that it did not run.
 */
const trialPolicy = ({ trial }: WorkerConfig, { strength }: Containment) => ({
  ...STRICT,
  required: strength === 'strong' || trial.uncontained === 'hold',
});

/** Content scanners and the trial installation; one that no policy names runs under the strictest. */
function engagedScanners(trial: Trial, trialRules: typeof STRICT): EngagedScanner[] {
  const findPolicy = (name: string) =>
    DEFAULT_SCAN_POLICIES.find((policy) => policy.name === name) ?? { name, ...STRICT };
  const engage = (scanner: Scanner, group: ScannerPolicy['group']): EngagedScanner => ({
    scanner,
    policy: { ...findPolicy(scanner.name), group },
  });
  const trialScanner = createTrialScanner(trial);
  return [
    ...contentScanners().map((scanner) => engage(scanner, 'content')),
    { scanner: trialScanner, policy: { name: trialScanner.name, ...trialRules, group: 'trial' } },
  ];
}

const STRICT = { enabled: true, enforced: true, required: true };
