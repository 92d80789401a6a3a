import { ApplicationFailure, log } from '@temporalio/workflow';

/**
 * Runs the handler of a signal. A signal that does not fit, or that the records do not confirm, is noted in the
 * worker's log and changes nothing: nobody waits for its answer, and a thrown failure would end the workflow.
 */
export async function handleSignal(name: string, work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ApplicationFailure)) throw error;
    log.warn('The signal was dropped.', { signal: name, code: error.type, reason: error.message });
  }
}

/** The failure for a message whose shape is not the agreed one. */
export const invalidMessage = (name: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(`The message ${name} does not match its schema.`, 'MESSAGE_INVALID');
