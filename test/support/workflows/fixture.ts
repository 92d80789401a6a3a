import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, type WorkflowHandle } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import type { Submission } from '../../../contracts/releases/messages';
import type { Origin } from '../../../contracts/audit/origin';
import type { CommandReference, RolloutOrder } from '../../../contracts/rollouts/messages';
import { releaseWorkflowId, formatVersionId } from '../../../core/ids';
import type { ReleaseState } from '../../../core/releases/state';
import type { release } from '../../../workflows';
import { stateQuery, submit } from '../../../workflows/releases/messages';
import { createSubmission } from '../builders/submission';
import type { DecisionRecords } from '../fakes/decisionRecords';
import { createActivities } from './activities';
import { eventually } from '../waiting';
import { buildCheckedRelease, buildOrder } from './order';
import { createRecording, listTransitions, type Effect } from './recording';
import { defaultScript } from './script';
import { describeHistories, inTime } from './standstill';
import { runWithWorkers } from './workers';
import {
  stopWorkflowServer,
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
  private readonly started = new Set<string>();
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

  /** Records an operator's command, as the API does; the workflow is told the reference. */
  command(origin: Origin): CommandReference {
    const commandId = randomUUID();
    this.recording.commands.set(commandId, origin);
    return { commandId };
  }

  named(name: string): Effect[] {
    return this.effects.filter((effect) => effect.name === name);
  }

  /** State changes as `from → to`. */
  transitions(): string[] {
    return listTransitions(this.recording);
  }

  /** Runs `work` with workers; the clock skips whenever nothing but timers is left. */
  async run<T>(work: () => Promise<T>, maxCachedWorkflows = 20): Promise<T> {
    const { script, recording, taskQueue } = this;
    const connection = this.env.nativeConnection;
    const activities = createActivities({ script, recording, readClock: () => this.env.currentTimeMs() });
    const describe = () => describeHistories(this.env.client, this.started);
    try {
      return await runWithWorkers({ connection, activities, taskQueue, maxCachedWorkflows }, () =>
        inTime(work, describe),
      );
    } catch (error) {
      this.isSpoilt = true;
      throw error;
    }
  }

  /** Publishes as the API does, and returns the handle of the running release. */
  async publish(submission: Submission = createSubmission(), updateId: string = randomUUID()) {
    const operation = this.startOperation(nameRelease(submission), submission);
    const reply = await this.env.client.workflow.executeUpdateWithStart(submit, {
      args: [submission],
      updateId,
      startWorkflowOperation: operation,
    });
    return { reply, handle: await operation.workflowHandle() };
  }

  /** Waits until the server has a submission, also one that the workflow has not been given yet. */
  async untilReceived(submission: Submission, updateId: string): Promise<void> {
    const workflowExecution = { workflowId: nameRelease(submission) };
    const request = { namespace: 'default', updateRef: { workflowExecution, updateId } };
    await eventually(`the submission ${updateId} at the server`, async () => {
      await this.env.client.workflowService.pollWorkflowExecutionUpdate(request);
    });
  }

  private startOperation(workflowId: string, submission: Submission) {
    this.started.add(workflowId);
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
    this.started.add(options.workflowId);
    return this.env.client.workflow.start('rollout', options);
  }

  /**
   * Waits until the workflow itself says that it reached a state. An effect is recorded earlier: when it is
   * carried out, before the workflow has taken its result. A cancellation in between makes the workflow cancel
   * an activity that has completed meanwhile; the time-skipping server refuses that and loses the workflow's task.
   */
  async untilState(handle: WorkflowHandle, state: ReleaseState): Promise<void> {
    await eventually(`${handle.workflowId} ${state}`, async () => {
      const status = await handle.query(stateQuery);
      if (status.state !== state) throw new Error(`the release is ${status.state}`);
    });
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
    this.started.clear();
    this.taskQueue = nameTaskQueue();
  }

  async close(): Promise<void> {
    await stopWorkflowServer(this.server);
  }
}

const nameRelease = ({ request }: Submission): string =>
  releaseWorkflowId(formatVersionId(request.pluginId, request.version));
