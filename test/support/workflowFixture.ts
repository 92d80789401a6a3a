import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { RolloutPlan } from '../../core/releases/rolloutPlan';
import type { StageEvidence } from '../../core/rollouts/verdict';
import { releaseWorkflowId, formatVersionId } from '../../core/ids';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import type { Submission } from '../../contracts/releases/messages';
import { receiptOf, submissionOf } from './builders/submission';
import type { CheckedRelease, RegisterReply, StateChange } from '../../activities/releases/types';
import type { ScanSummary } from '../../activities/scans/types';
import type { StageRef } from '../../activities/rollouts/types';
import { submit } from '../../workflows/releases/messages';
import type { release } from '../../workflows';
import {
  stopWorkflowServer,
  inTime,
  abandonWorkflowServer,
  startWorkflowServer,
  quiet,
  type WorkflowServer,
} from './workflowServer';
import { activityQueues, createWorkers } from '../../worker/workers';
import { defaultScript } from './workflowScript';

/** Every effect that was carried out, in order: `name` with what it was given. */
interface Effect {
  name: string;
  input: unknown;
  at: number;
}

const taskQueue = (): string => `test-${randomUUID()}`;

/** A time-skipping server, a worker, and effects that are recorded instead of carried out. */
export class WorkflowFixture {
  readonly effects: Effect[] = [];
  script = defaultScript();
  readonly stageTimes: { startedAt: string; endsAt: string }[] = [];
  private taskQueue = taskQueue();
  private readonly attempts = new Map<string, number>();

  private isSpoilt = false;

  private constructor(private server: WorkflowServer) {}

  get env(): TestWorkflowEnvironment {
    return this.server.env;
  }

  static async start(): Promise<WorkflowFixture> {
    quiet();
    return new WorkflowFixture(await startWorkflowServer());
  }

  /** Runs `work` with a worker; the clock skips whenever nothing but timers is left. */
  async run<T>(work: () => Promise<T>, maxCachedWorkflows = 20): Promise<T> {
    const workers = await this.createWorkers(maxCachedWorkflows);
    try {
      return await runUntil(workers, () => inTime(work));
    } catch (error) {
      this.isSpoilt = true;
      throw error;
    }
  }

  /** One for the workflows, on a queue of the test's own, and one for each kind of activities. */
  private async createWorkers(maxCachedWorkflows: number): Promise<Worker[]> {
    const shared = { connection: this.env.nativeConnection, activities: this.activities() };
    const workflowBundle = { codePath: process.env.SPILLWAY_WORKFLOW_BUNDLE! };
    return [
      await Worker.create({ ...shared, workflowBundle, taskQueue: this.taskQueue, maxCachedWorkflows }),
      ...(await createWorkers(activityQueues, shared, {})),
    ];
  }

  /** Publishes as the API does, and gives the handle of the running release. */
  async publish(submission: Submission = submissionOf()) {
    const { pluginId, version } = submission.request;
    const operation = this.startOperation(releaseWorkflowId(formatVersionId(pluginId, version)), submission);
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

  /**
   * Back to the default script, with nothing recorded. After a failure the server is a new one, because
   * a workflow that was left behind keeps the clock from skipping.
   */
  async reset(): Promise<void> {
    if (this.isSpoilt) {
      await abandonWorkflowServer(this.server);
      this.server = await startWorkflowServer();
      this.isSpoilt = false;
    }
    this.script = defaultScript();
    this.effects.length = 0;
    this.stageTimes.length = 0;
    this.attempts.clear();
    this.taskQueue = taskQueue();
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

  /** Lets the worker catch up with the clock: asks again until the expectation holds, for ten seconds. */
  async eventually(expectation: () => void): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      try {
        return expectation();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  /** Waits until the release has been moved to a state; asks the effects, not the workflow. */
  async untilState(state: string): Promise<void> {
    const reached = () => this.transitions().some((each) => each.endsWith(` → ${state}`));
    while (!reached()) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async close(): Promise<void> {
    await stopWorkflowServer(this.server);
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

  private evidence(ref: StageRef): StageEvidence {
    if (this.script.evidence) return this.script.evidence(ref);
    const counters = this.script.counters(ref.stage);
    return { cohort: this.script.cohort(ref.stage), stage: counters, total: counters };
  }

  /** A rollout's order as the release would give it. */
  order(submission: Submission): RolloutOrder {
    return orderOf(this.checked(submission), this.script.plan);
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
      registerRelease: noting(
        'registerRelease',
        (submission: Submission): RegisterReply | Promise<RegisterReply> =>
          this.script.register
            ? this.script.register()
            : { outcome: 'registered', release: this.checked(submission) },
      ),
      ...Object.fromEntries(
        [
          'changeState',
          'listRelease',
          'discardUpload',
          'recordScanHold',
          'alertSla',
          'recordDecision',
          'notifyPublisher',
          'alertRollback',
          'endStage',
          'recordRolloutEvent',
          'completeRollout',
          'withdrawOffer',
          'closeRollback',
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
        const times = { startedAt: iso(startedAt), endsAt: iso(startedAt + durationMs) };
        this.stageTimes.push(times);
        return { ...times, cohort: this.script.cohort(stage) };
      }),
      readEvidence: noting('readEvidence', (ref: StageRef) => this.evidence(ref)),
      awaitReturns: noting('awaitReturns', () => ({ remaining: 0 })),
    };
  }

  private checked(submission: Submission): CheckedRelease {
    const { request, publisherId, actor, requestId } = submission;
    const versionId = formatVersionId(request.pluginId, request.version);
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

/** Runs all workers until the work is done. */
const runUntil = <T>([worker, ...others]: Worker[], work: () => Promise<T>): Promise<T> =>
  worker ? worker.runUntil(() => runUntil(others, work)) : work();

const iso = (ms: number): string => new Date(ms).toISOString();

function orderOf(checked: CheckedRelease, plan: RolloutPlan): RolloutOrder {
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
