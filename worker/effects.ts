import path from 'node:path';
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { createActivities } from '../activities/index';
import type { RetryDeps } from '../activities/operations/retries';
import type { EngagedScanner, ScanDeps } from '../activities/scans/scans';
import { createChecks, type Checks } from '../adapters/scanners/checker/checks';
import { createCheckerPool, type CheckerPool } from '../adapters/scanners/checker/pool';
import { startChecker } from '../adapters/scanners/checker/start';
import { createWarmUp } from '../adapters/scanners/checker/warmUp';
import { createTrial, type Containment, type Trial } from '../adapters/scanners/compatibility/trial';
import { createTrialScanner } from '../adapters/scanners/compatibility/scanner';
import { createInboxNotifier } from '../adapters/notifiers/inbox';
import type { Notifier } from '../adapters/notifiers/notifier';
import { contentScanners, DEFAULT_SCAN_POLICIES } from '../adapters/scanners/registry';
import { runScanner } from '../adapters/scanners/run';
import type { Scanner } from '../adapters/scanners/scanner';
import { createScratch } from '../adapters/objects/scratch';
import type { ObjectStore } from '../adapters/objects/objectStore';
import { MINUTE } from '../core/duration';
import type { WorkerConfig } from './config';

/** Longer than the trial's own deadline, by which its process is ended. */
const TRIAL_SCAN_MS = 20 * MINUTE;

export const createNotifiers = (): Notifier[] => [createInboxNotifier()];

/** Activities with their adapters, as this configuration wants them. */
export function createEffects(
  config: WorkerConfig,
  parts: {
    db: Knex;
    objects: ObjectStore;
    notifiers: readonly Notifier[];
    logger: Logger;
    trial: Trial;
    checkers: CheckerPool;
    onRetried: RetryDeps['onRetried'];
    onSilence: ScanDeps['onSilence'];
  },
  containment: Containment,
) {
  const { db, objects, notifiers, logger, trial, onRetried, onSilence } = parts;
  const checks = createChecks(parts.checkers.ask);
  return createActivities({
    db,
    objects,
    notifiers,
    onRetried,
    onSilence,
    scratch: createScratch({ ...config.scratch, objects }),
    checks,
    scanners: engagedScanners(checks, trial, trialPolicy(config, containment)),
    clock: () => new Date(),
    timings: config.timings,
    gate: config.gate,
    reservedNames: config.reservedNames,
    log: (line) => logger.info(line, 'publish'),
    onScan: ({ scanner, verdict, counts }, versionId) =>
      logger.info({ versionId, scanner, verdict, findings: counts }, 'scan'),
  });
}

/** Checkers in processes of their own; one is started at once, and has checked a package of ours before it is asked. */
export const createCheckers = ({
  checker,
  scratch,
}: Pick<WorkerConfig, 'checker' | 'scratch'>): CheckerPool =>
  createCheckerPool({
    start: () => startChecker([checker.program]),
    atOnce: checker.atOnce,
    warmUp: createWarmUp(path.join(scratch.dir, 'sample')),
  });

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
function engagedScanners(checks: Checks, trial: Trial, trialRules: typeof STRICT): EngagedScanner[] {
  const findPolicy = (name: string) =>
    DEFAULT_SCAN_POLICIES.find((policy) => policy.name === name) ?? { name, ...STRICT };
  const engage = (scanner: Scanner): EngagedScanner => {
    const policy = findPolicy(scanner.name);
    return {
      scanner,
      policy: { ...policy, group: 'content' },
      run: (file, signal, onTokens) => checks.scan(file, policy, signal, onTokens),
    };
  };
  return [...contentScanners().map(engage), engageTrial(trial, trialRules)];
}

function engageTrial(trial: Trial, rules: typeof STRICT): EngagedScanner {
  const scanner = createTrialScanner(trial);
  const policy = { name: scanner.name, ...rules };
  return {
    scanner,
    policy: { ...policy, group: 'trial' },
    run: ({ path, bytes, keys, now }, signal) => {
      const input = { path, bytes, signature: { keys, now: new Date(now) } };
      const timeoutMs = TRIAL_SCAN_MS;
      return runScanner(scanner, { policy, input, timeoutMs, now: () => new Date(), signal });
    },
  };
}

const STRICT = { enabled: true, enforced: true, required: true };
