import {
  ActivityFailure,
  CancelledFailure,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { createEngine } from '../../../api/http/engine';
import { sendDecision } from '../../../api/reviews/workflow';

const decision = { decisionId: '0b1a4b52-8d2e-4c8a-9c41-2f6f9c1f9a10' };

/** An engine whose every update ends with this error. */
const engineFailingWith = (error: Error) =>
  createEngine(
    {
      connection: { withDeadline: (_: number, work: () => Promise<unknown>) => work() },
      workflow: { getHandle: () => ({ executeUpdate: () => Promise.reject(error) }) },
    } as unknown as Client,
    { timeoutMs: 1000, now: () => new Date() },
  );

const cancelled = new CancelledFailure('cancelled');
const withItsActivity = new ActivityFailure(
  'cancelled',
  'takeDecision',
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
    await expect(sendDecision(engineFailingWith(failed), 'x@1.0.0', decision)).resolves.toBeUndefined();
  },
);

test('any other failure of a decision is told as it is', async () => {
  const failed = new WorkflowUpdateFailedError('Update failed', new Error('a defect'));
  await expect(sendDecision(engineFailingWith(failed), 'x@1.0.0', decision)).rejects.toBe(failed);
});
