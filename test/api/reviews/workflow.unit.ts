import {
  ActivityFailure,
  CancelledFailure,
  WorkflowUpdateFailedError,
  type Client,
} from '@temporalio/client';
import { createEngine } from '../../../api/http/engine';
import { sendDecision } from '../../../api/reviews/workflow';
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
    await expect(sendDecision(engineFailingWith(failed), 'x@1.0.0', decision)).resolves.toBeUndefined();
  },
);

test('any other failure of a decision is told as it is', async () => {
  const failed = new WorkflowUpdateFailedError('Update failed', new Error('a defect'));
  await expect(sendDecision(engineFailingWith(failed), 'x@1.0.0', decision)).rejects.toBe(failed);
});
