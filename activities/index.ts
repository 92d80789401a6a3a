import type { Knex } from 'knex';
import type { Notifier } from '../adapters/notifiers/notifier';
import type { Checks } from '../adapters/scanners/checker/checks';
import type { Scratch } from '../adapters/objects/scratch';
import { createLimit } from '../platform/limit';
import type { ObjectStore } from '../adapters/objects/objectStore';
import type { HealthGate } from '../core/releases/rolloutPlan';
import type { ScanReport } from '../core/scans/report';
import type { PublishLogLine } from '../core/releases/publishLog';
import { createReleaseNoticeActivities } from './releases/notices';
import { createRegistrationActivities } from './releases/registration';
import { createReleaseActivities } from './releases/releases';
import { withRetryAlerts, type RetryDeps } from './operations/retries';
import { createReviewActivities } from './reviews/reviews';
import { createRolloutNoticeActivities } from './rollouts/notices';
import { createRollbackActivities } from './rollouts/rollbacks';
import { createRolloutActivities } from './rollouts/rollouts';
import { createScanActivities, type EngagedScanner, type ScanDeps } from './scans/scans';
import type { ReleaseTimings } from './releases/types';
import { createUploadActivities } from './releases/uploads';

/** Everything that activities need from outside. */
export interface ActivityDeps {
  db: Knex;
  objects: ObjectStore;
  scratch: Scratch;
  scanners: readonly EngagedScanner[];
  checks: Checks;
  notifiers: readonly Notifier[];
  clock: () => Date;
  timings: ReleaseTimings;
  gate: HealthGate;
  /** Words that the operators reserve in ids of plugins. */
  reservedNames: readonly string[];
  /** One line for each state that a release reaches (OBS-17). */
  log: (line: PublishLogLine) => void;
  onScan: (report: ScanReport, versionId: string) => void;
  onSilence: ScanDeps['onSilence'];
  onRetried: RetryDeps['onRetried'];
}

/** Packages that this process reads at once, to join and to compare digests: one, so that memory stays flat. */
const READERS = 1;

/** All activities by their names, as the worker registers them. */
export function createActivities(deps: ActivityDeps) {
  const reading = { ...deps, readLimit: createLimit(READERS) };
  return withRetryAlerts(deps, {
    ...createRegistrationActivities(deps),
    ...createReleaseActivities(deps),
    ...createUploadActivities(reading),
    ...createScanActivities(deps),
    ...createReviewActivities(deps),
    ...createReleaseNoticeActivities(deps),
    ...createRolloutNoticeActivities(deps),
    ...createRolloutActivities(deps),
    ...createRollbackActivities(deps),
  });
}
