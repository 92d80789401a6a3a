import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, Worker, type WorkflowBundle } from '@temporalio/worker';
import path from 'node:path';
import { defaultGate, type RolloutPlan } from '../../core/rolloutPlan';
import { releaseWorkflowId, versionIdOf } from '../../core/ids';
import type { Submission } from '../../contracts/messages';
import { receiptOf, submissionOf } from './submission';
import type {
  Checked,
  CheckedRelease,
  RolloutOrder,
  ScannerPolicy,
  ScanSummary,
  StateChange,
} from '../../activities/types';
import { submit } from '../../workflows/messages';
import type { release } from '../../workflows';

/** What the effects of a workflow under test answer; each test changes what it is about. */
export interface Script {
  assemble: Checked;
  verify: Checked;
  checkParts: () => Checked;
  scanners: ScannerPolicy[];
  scan: (scanner: string, attempt: number) => ScanSummary;
  plan: RolloutPlan;
  cohort: (stage: number) => number;
  counters: (stage: number) => { installed: number; failed: number; rolledBack: number };
  slaMs: number;
  uploadTimeoutMs: number;
}

/** Every effect that was carried out, in order: `name` with what it was given. */
export interface Effect {
  name: string;
  input: unknown;
  at: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export const ok: Checked = { outcome: 'ok' };
export const policy = (name: string, extra: Partial<ScannerPolicy> = {}): ScannerPolicy => ({
  ...{ name, group: 'content', enabled: true, enforced: true, required: true },
  ...extra,
});

export const defaultScript = (): Script => ({
  assemble: ok,
  verify: ok,
  checkParts: () => ok,
  scanners: [policy('archive-form'), policy('compatibility', { group: 'trial' })],
  scan: (scanner) => ({ scanner, verdict: 'pass', problems: [] }),
  plan: {
    type: 'gradual',
    stages: [
      { basisPoints: 1000, durationMs: DAY },
      { basisPoints: 5000, durationMs: 2 * DAY },
      { basisPoints: 10_000, durationMs: DAY },
    ],
    gate: defaultGate,
    allow: [],
    deny: [],
  },
  cohort: () => 100,
  counters: () => ({ installed: 50, failed: 0, rolledBack: 0 }),
  slaMs: 4 * HOUR,
  uploadTimeoutMs: DAY,
});

let bundle: Promise<WorkflowBundle> | undefined;
/** The workflows as the worker runs them; bundled once a file. */
export const workflowBundle = (): Promise<WorkflowBundle> =>
  (bundle ??= bundleWorkflowCode({
    workflowsPath: path.resolve(__dirname, '../../workflows/index.ts'),
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  }));

/** A time-skipping server, a worker, and effects that are recorded instead of carried out. */
export class WorkflowBench {
  readonly effects: Effect[] = [];
  script = defaultScript();
  private readonly attempts = new Map<string, number>();

  private constructor(
    readonly env: TestWorkflowEnvironment,
    private readonly taskQueue: string,
  ) {}

  static async start(): Promise<WorkflowBench> {
    const executable = { type: 'existing-path', path: process.env.SPILLWAY_TEST_SERVER! } as const;
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    return new WorkflowBench(env, `test-${randomUUID()}`);
  }

  /** Runs `work` with a worker; the clock skips whenever nothing but timers is left. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const worker = await this.createWorker();
    return worker.runUntil(work);
  }

  async createWorker(): Promise<Worker> {
    return Worker.create({
      connection: this.env.nativeConnection,
      taskQueue: this.taskQueue,
      workflowBundle: await workflowBundle(),
      activities: this.activities(),
      maxCachedWorkflows: 10,
    });
  }

  /** Publishes as the API does, and gives the handle of the running release. */
  async publish(submission: Submission = submissionOf()) {
    const { pluginId, version } = submission.request;
    const operation = this.startOperation(releaseWorkflowId(versionIdOf(pluginId, version)), submission);
    const reply = await this.env.client.workflow.executeUpdateWithStart(submit, {
      args: [submission],
      startWorkflowOperation: operation,
    });
    return { reply, handle: await operation.workflowHandle() };
  }

  private startOperation(workflowId: string, submission: Submission) {
    return new WithStartWorkflowOperation<typeof release>('release', {
      workflowId,
      taskQueue: this.taskQueue,
      args: [submission],
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  }

  async startRollout(order: RolloutOrder): Promise<WorkflowHandle> {
    const options = { workflowId: `rollout-${randomUUID()}`, taskQueue: this.taskQueue, args: [order] };
    return this.env.client.workflow.start('rollout', options);
  }

  named(name: string): Effect[] {
    return this.effects.filter((effect) => effect.name === name);
  }

  /** State changes as `from → to`. */
  transitions(): string[] {
    return this.named('changeState').map(({ input }) => {
      const change = input as StateChange;
      return `${change.from} → ${change.to}`;
    });
  }

  async close(): Promise<void> {
    await this.env.teardown();
  }

  private record(name: string, input: unknown): void {
    this.effects.push({ name, input, at: Date.now() });
  }

  private noting<T>(name: string, reply: (input: never) => T | Promise<T>) {
    return async (input: never): Promise<T> => {
      this.record(name, input);
      return reply(input);
    };
  }

  private scanOnce(scanner: string): ScanSummary {
    const attempt = (this.attempts.get(scanner) ?? 0) + 1;
    this.attempts.set(scanner, attempt);
    return this.script.scan(scanner, attempt);
  }

  private activities() {
    const nothing = () => undefined;
    const now = () => this.env.currentTimeMs();
    const noting = this.noting.bind(this);
    return {
      registerRelease: noting('registerRelease', (submission: Submission) => ({
        outcome: 'registered',
        release: this.checked(submission),
      })),
      ...Object.fromEntries(
        [
          ...['changeState', 'listRelease', 'discardUpload', 'noteHeldScan', 'alertSla', 'recordDecision'],
          ...['notifyPublisher', 'alertRollback', 'endStage', 'noteSteering', 'completeRollout'],
          ...['withdrawOffer', 'closeRollback'],
        ].map((name) => [name, noting(name, nothing)]),
      ),
      checkParts: noting('checkParts', () => this.script.checkParts()),
      assemblePackage: noting('assemblePackage', () => this.script.assemble),
      verifyUpload: noting('verifyUpload', () => this.script.verify),
      listScanners: noting('listScanners', () => this.script.scanners),
      runScanner: noting('runScanner', ({ scanner }: { scanner: string }) => this.scanOnce(scanner)),
      openReview: noting('openReview', async ({ slaMs }: { slaMs: number }) => {
        const openedAt = await now();
        return { openedAt: iso(openedAt), slaDeadline: iso(openedAt + slaMs) };
      }),
      notifySubscribers: noting('notifySubscribers', () => ({ notified: 3 })),
      planRollout: noting('planRollout', (checked: CheckedRelease) => orderOf(checked, this.script.plan)),
      startStage: noting('startStage', async ({ order, stage }: { order: RolloutOrder; stage: number }) => {
        const startedAt = await now();
        const { durationMs } = order.plan.stages[stage - 1]!;
        return {
          startedAt: iso(startedAt),
          endsAt: iso(startedAt + durationMs),
          cohort: this.script.cohort(stage),
        };
      }),
      readEvidence: noting('readEvidence', ({ stage }: { stage: number }) => ({
        cohort: this.script.cohort(stage),
        stage: this.script.counters(stage),
        total: this.script.counters(stage),
      })),
      awaitEveryoneBack: noting('awaitEveryoneBack', () => ({ remaining: 0 })),
    };
  }

  private checked(submission: Submission): CheckedRelease {
    const { request, publisherId, actor, requestId } = submission;
    const versionId = versionIdOf(request.pluginId, request.version);
    const { slaMs, uploadTimeoutMs } = this.script;
    return {
      releaseId: randomUUID(),
      versionId,
      pluginId: request.pluginId,
      version: request.version,
      channel: request.channel,
      publisherId,
      packageSha256: request.artefact.sha256,
      origin: { actor, requestId },
      receipt: receiptOf(submission),
      timings: { slaMs, uploadTimeoutMs, scanRetryMs: 30_000 },
    };
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();

export function orderOf(checked: CheckedRelease, plan: RolloutPlan): RolloutOrder {
  const { releaseId, versionId, pluginId, version, channel, origin } = checked;
  return {
    releaseId,
    versionId,
    pluginId,
    version,
    channel,
    origin,
    salt: versionId,
    previousVersion: '1.0.0',
    plan,
  };
}

/** An activity failure that no retry mends. */
export const final = (code: string, detail: string) => ApplicationFailure.nonRetryable(detail, code);
