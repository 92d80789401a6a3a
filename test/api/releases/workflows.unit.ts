import {
  ActivityFailure,
  CancelledFailure,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { releaseWorkflows } from '../../../api/releases/workflows';
import type { Decision } from '../../../contracts/reviews/messages';

const decision: Decision = {
  actor: 'reviewer:rita',
  requestId: 'r-1',
  reviewer: 'rita',
  decision: 'approve',
  notes: '',
  packageSha256: 'a'.repeat(64),
};

/** An engine whose every update ends with this error. */
const engineThat = (error: Error) =>
  releaseWorkflows(
    {
      connection: { withDeadline: (_: number, work: () => Promise<unknown>) => work() },
      workflow: { getHandle: () => ({ executeUpdate: () => Promise.reject(error) }) },
    } as unknown as Client,
    { timeoutMs: 1000, now: () => new Date() },
  );

const cancelled = new CancelledFailure('cancelled');
const withItsActivity = new ActivityFailure(
  'cancelled',
  'recordDecision',
  '1',
  'CANCEL_REQUESTED',
  '',
  cancelled,
);

test.each([
  ['itself', cancelled],
  ['in its activity', withItsActivity],
])(
  'a decision that is cancelled %s together with its release finds nothing to decide on',
  async (_, cause) => {
    const failed = new WorkflowUpdateFailedError('Update failed', cause);
    await expect(engineThat(failed).decide('x@1.0.0', decision)).resolves.toBeUndefined();
  },
);

test('any other failure of a decision is told as it is', async () => {
  const failed = new WorkflowUpdateFailedError('Update failed', new Error('a defect'));
  await expect(engineThat(failed).decide('x@1.0.0', decision)).rejects.toBe(failed);
});
