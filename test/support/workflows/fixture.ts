import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { Submission } from '../../../contracts/releases/messages';
import type { RolloutOrder } from '../../../contracts/rollouts/messages';
import { releaseWorkflowId, formatVersionId } from '../../../core/ids';
import { activityQueues, createWorkers } from '../../../worker/workers';
import type { release } from '../../../workflows';
import { submit } from '../../../workflows/releases/messages';
import { submissionOf } from '../builders/submission';
import type { DecisionRecords } from '../fakes/decisionRecords';
import { createActivities } from './activities';
import { buildCheckedRelease, buildOrder } from './order';
import { createRecording, listTransitions, type Effect } from './recording';
import { defaultScript } from './script';
import {
  stopWorkflowServer,
  inTime,
  abandonWorkflowServer,
  startWorkflowServer,
  quiet,
  type WorkflowServer,
} from './server';

const nameTaskQueue = (): string => `test-${randomUUID()}`;

/** A time-skipping server, a worker, and effects that are recorded instead of carried out. */
export class WorkflowFixture {
  script = defaultScript();
  private recording = createRecording();
  private taskQueue = nameTaskQueue();
  private isSpoilt = false;

  private constructor(private server: WorkflowServer) {}

  static async start(): Promise<WorkflowFixture> {
    quiet();
    return new WorkflowFixture(await startWorkflowServer());
  }

  get env(): TestWorkflowEnvironment {
    return this.server.env;
  }

  /** Every effect that was carried out, in order. */
  get effects(): readonly Effect[] {
    return this.recording.effects;
  }

  get stageTimes(): readonly { startedAt: string; endsAt: string }[] {
    return this.recording.stageTimes;
  }

  /** The decisions that reviewers have recorded. */
  get decisions(): DecisionRecords {
    return this.recording.decisions;
  }

  named(name: string): Effect[] {
    return this.effects.filter((effect) => effect.name === name);
  }

  /** State changes as `from → to`. */
  transitions(): string[] {
    return listTransitions(this.recording);
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
    const { script, recording } = this;
    const readClock = () => this.env.currentTimeMs();
    const activities = createActivities({ script, recording, readClock });
    const shared = { connection: this.env.nativeConnection, activities };
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

  /** A rollout's order as the release would give it. */
  order(submission: Submission): RolloutOrder {
    return buildOrder(buildCheckedRelease(submission, this.script), this.script.plan);
  }

  async startRollout(order: RolloutOrder): Promise<WorkflowHandle> {
    const options = { workflowId: `rollout-${randomUUID()}`, taskQueue: this.taskQueue, args: [order] };
    return this.env.client.workflow.start('rollout', options);
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
    this.recording = createRecording();
    this.taskQueue = nameTaskQueue();
  }

  async close(): Promise<void> {
    await stopWorkflowServer(this.server);
  }
}

/** Runs all workers until the work is done. */
const runUntil = <T>([worker, ...others]: Worker[], work: () => Promise<T>): Promise<T> =>
  worker ? worker.runUntil(() => runUntil(others, work)) : work();
