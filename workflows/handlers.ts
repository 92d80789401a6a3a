import { allHandlersFinished, CancellationScope, condition } from '@temporalio/workflow';

/** Lets every update finish before the workflow ends, also where the workflow itself was cancelled. */
export const finishHandlers = (): Promise<void> =>
  CancellationScope.nonCancellable(() => condition(allHandlersFinished));
