import { condition, proxyLocalActivities, setHandler, defineUpdate } from '@temporalio/workflow';
import type { noop as noopActivity } from './noopWorker';

const { noop } = proxyLocalActivities<{ noop: typeof noopActivity }>({ startToCloseTimeout: '10s' });
export const answer = defineUpdate<string, [string]>('answer');

/** The shape of a release's first step without its work: one local activity, whose result the update waits for. */
export async function noopRelease(input: string): Promise<void> {
  const replies: string[] = [];
  setHandler(answer, async () => {
    await condition(() => replies.length > 0);
    return replies[0]!;
  });
  replies.push(await noop(input));
  // A release waits for its upload from here on.
  await condition(() => false, '1d');
}
