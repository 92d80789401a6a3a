import type { WorkflowHandle } from '@temporalio/client';
import type { Decision } from '../../../contracts/reviews/messages';
import type { Submission } from '../../../contracts/releases/messages';
import { finaliseUpload } from '../../../workflows/releases/messages';
import { createSubmission } from '../builders/submission';

/** The steps that people take with a release, as the workflow tests take them. */
const origin = { actor: 'publisher:example', requestId: 'req-1' };

let versions = 0;
/** Each test publishes a version of its own. */
export const submission = (content?: string) =>
  createSubmission({ version: `2.0.${(versions += 1)}`, ...(content ? { content } : {}) });

export const decision = (of: Submission, extra: Partial<Decision> = {}): Decision => ({
  ...{
    decision: 'approve',
    reviewer: 'rita',
    notes: 'Reads well.',
    actor: 'reviewer:rita',
    requestId: 'req-2',
  },
  packageSha256: of.request.artefact.sha256,
  ...extra,
});

export const finalise = (handle: WorkflowHandle) => handle.executeUpdate(finaliseUpload, { args: [origin] });

/** Ends the run of a release that a test has seen enough of. */
export async function leave(handle: WorkflowHandle): Promise<void> {
  await handle.cancel();
  await handle.result().catch(() => undefined);
}
