import { condition, proxyLocalActivities, setHandler, defineUpdate } from '@temporalio/workflow';
import type { Submission } from '../contracts/releases/messages';
import type { Receipt } from '../contracts/releases/publish';
import { openReleaseContext, publishStatus } from '../workflows/releases/context';
import type { noop as noopActivity } from './noopWorker';

const { noop } = proxyLocalActivities<{ noop: typeof noopActivity }>({ startToCloseTimeout: '10s' });
export const answer = defineUpdate<Receipt, [Submission]>('answer');

/**
 * The shape of a release's first step without its work: the same input, the same events in its history
 * (search attributes, a local activity, an update that waits for its result, a timer), nothing done.
 */
export async function noopRelease(submission: Submission): Promise<void> {
  const context = openReleaseContext(submission);
  const replies: Receipt[] = [];
  setHandler(answer, async () => {
    await condition(() => replies.length > 0);
    return replies[0]!;
  });
  replies.push(await noop(submission));
  context.state = 'uploading';
  publishStatus(context, 'package upload');
  await condition(() => false, '1d');
}
