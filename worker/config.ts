import path from 'node:path';
import { z } from 'zod';
import { textSetting, urlSetting } from '../platform/settings/text';
import { durationSetting } from '../platform/settings/duration';
import {
  readProcessConfig,
  processSettings,
  readSettings,
  type ProcessConfig,
} from '../platform/settings/process';
import { readObjectStoreConfig, objectsSettings } from '../adapters/settings/objects';
import { readTemporalConfig, temporalSettings } from '../adapters/settings/temporal';
import type { TemporalConfig } from '../adapters/temporal/config';
import type { ObjectStoreConfig } from '../adapters/objects/create';
import type { ReleaseTimings } from '../activities/releases/types';
import { limits } from '../core/limits';
import { DAY, HOUR, MINUTE, SECOND } from '../core/duration';
import { taskQueues, type TaskQueue } from '../core/ids';
import { defaultGate, type HealthGate } from '../core/releases/rolloutPlan';

const GIB = 1024 ** 3;

const queueNames = Object.keys(taskQueues) as [TaskQueue, ...TaskQueue[]];
/** Names of task queues with commas between them; all when none is named. */
const queuesSetting = z
  .string()
  .max(limits.line)
  .optional()
  .transform((text) => text?.split(',').map((name) => name.trim()) ?? queueNames)
  .pipe(z.array(z.enum(queueNames)).min(1).max(queueNames.length));

/** Words with commas between them, which an id of a plugin may hold as a part. */
const wordsSetting = z
  .string()
  .max(limits.setting)
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((word) => word.trim().toLowerCase())
      .filter(Boolean),
  )
  .pipe(
    z
      .array(
        z
          .string()
          .max(limits.line)
          .regex(/^[a-z0-9]{2,}$/),
      )
      .max(limits.list),
  );

const schema = z.object({
  ...processSettings,
  DATABASE_URL: urlSetting(),
  ...temporalSettings,
  ...objectsSettings,
  SPILLWAY_SCRATCH_DIR: textSetting(),
  SPILLWAY_SCRATCH_BYTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(limits.count)
    .default(4 * GIB),
  SPILLWAY_WORKFLOW_BUNDLE: textSetting().optional(),
  SPILLWAY_CHECKER: textSetting().optional(),
  SPILLWAY_CHECKERS: z.coerce.number().int().min(1).max(64).default(4),
  SPILLWAY_HOST_TRIAL: textSetting().optional(),
  SPILLWAY_TRIAL_DEADLINE: durationSetting(3 * MINUTE),
  SPILLWAY_BUBBLEWRAP: textSetting().optional(),
  SPILLWAY_TRIAL_UNCONTAINED: z.enum(['hold', 'review']).default('hold'),
  SPILLWAY_BUILD_ID: textSetting().optional(),
  SPILLWAY_WORKER_QUEUES: queuesSetting,
  SPILLWAY_WORKER_CURRENT: z.enum(['0', '1']).default('1'),
  SPILLWAY_REVIEW_SLA: durationSetting(4 * HOUR),
  SPILLWAY_UPLOAD_TIMEOUT: durationSetting(DAY),
  SPILLWAY_SCAN_RETRY: durationSetting(30 * SECOND),
  SPILLWAY_RECONCILE_EVERY: durationSetting(MINUTE),
  SPILLWAY_GATE_MIN_REPORTS: z.coerce.number().int().min(1).max(1_000_000).default(defaultGate.minReports),
  SPILLWAY_GATE_MAX_FAILURE_RATE: z.coerce.number().min(0).max(1).default(defaultGate.maxFailureRate),
  SPILLWAY_GATE_MIN_FAILURES: z.coerce.number().int().min(1).max(1_000_000).default(defaultGate.minFailures),
  SPILLWAY_RESERVED_NAMES: wordsSetting,
  SPILLWAY_ROLLBACK_DEADLINE: durationSetting(defaultGate.rollbackDeadlineMs),
  SPILLWAY_SHUTDOWN_GRACE: durationSetting(8 * SECOND),
});
type Settings = z.infer<typeof schema>;

/** All settings of the worker, as one value. Durations are milliseconds. */
export interface WorkerConfig extends ProcessConfig {
  databaseUrl: string;
  temporal: TemporalConfig;
  objects: ObjectStoreConfig;
  scratch: { dir: string; maxBytes: number };
  /** The bundle of the workflows; without it they are bundled at the start, as in development. */
  workflowBundle: string | undefined;
  /** The program that reads packages, and how many packages are read at once. */
  checker: { program: string; atOnce: number };
  trial: {
    program: string | undefined;
    deadlineMs: number;
    /** What becomes of releases where there is no containment: they wait, or a reviewer is told. */
    uncontained: 'hold' | 'review';
    bubblewrap: string | undefined;
  };
  buildId: string | undefined;
  /** The task queues that this process serves. */
  queues: readonly TaskQueue[];
  /** Whether this build becomes the deployment's current version once it polls. */
  becomesCurrent: boolean;
  timings: ReleaseTimings;
  gate: HealthGate;
  /** Words that operators reserve in ids of plugins. */
  reservedNames: readonly string[];
  /** How often workflows are held against the rows. */
  reconcileEveryMs: number;
  shutdownGraceMs: number;
}

/** Reads the settings from an environment; throws with the names (never the values) of bad ones. */
export function workerConfig(environment: NodeJS.ProcessEnv): WorkerConfig {
  const env = readSettings(schema, environment, 'the worker');
  return {
    ...readProcessConfig(env),
    databaseUrl: env.DATABASE_URL,
    temporal: readTemporalConfig(env),
    objects: readObjectStoreConfig(env),
    scratch: { dir: path.resolve(env.SPILLWAY_SCRATCH_DIR), maxBytes: env.SPILLWAY_SCRATCH_BYTES },
    workflowBundle: env.SPILLWAY_WORKFLOW_BUNDLE,
    checker: {
      // Built, it lies beside the worker's own program.
      program: path.resolve(env.SPILLWAY_CHECKER ?? path.join(__dirname, 'checker.cjs')),
      atOnce: env.SPILLWAY_CHECKERS,
    },
    trial: {
      // Trials run in folders of their own, where a relative path would lead elsewhere.
      program: env.SPILLWAY_HOST_TRIAL && path.resolve(env.SPILLWAY_HOST_TRIAL),
      deadlineMs: env.SPILLWAY_TRIAL_DEADLINE,
      uncontained: env.SPILLWAY_TRIAL_UNCONTAINED,
      bubblewrap: env.SPILLWAY_BUBBLEWRAP,
    },
    buildId: env.SPILLWAY_BUILD_ID,
    queues: env.SPILLWAY_WORKER_QUEUES,
    becomesCurrent: env.SPILLWAY_WORKER_CURRENT === '1',
    timings: {
      slaMs: env.SPILLWAY_REVIEW_SLA,
      uploadTimeoutMs: env.SPILLWAY_UPLOAD_TIMEOUT,
      scanRetryMs: env.SPILLWAY_SCAN_RETRY,
    },
    gate: readGate(env),
    reservedNames: env.SPILLWAY_RESERVED_NAMES,
    reconcileEveryMs: env.SPILLWAY_RECONCILE_EVERY,
    shutdownGraceMs: env.SPILLWAY_SHUTDOWN_GRACE,
  };
}

const readGate = (env: Settings): HealthGate => ({
  ...defaultGate,
  minReports: env.SPILLWAY_GATE_MIN_REPORTS,
  maxFailureRate: env.SPILLWAY_GATE_MAX_FAILURE_RATE,
  minFailures: env.SPILLWAY_GATE_MIN_FAILURES,
  rollbackDeadlineMs: env.SPILLWAY_ROLLBACK_DEADLINE,
});
