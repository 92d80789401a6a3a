import { ApplicationFailure, log } from '@temporalio/workflow';
import type { Problem } from '../core/errors/errors';
import { isObject, isUuid } from '../core/messages';

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

/** The id that a message carries under `field`. @throws ApplicationFailure MESSAGE_INVALID */
export function requireId(name: string, message: unknown, field: string): string {
  const id = isObject(message) ? message[field] : undefined;
  if (!isUuid(id)) throw invalidMessage(name);
  return id;
}

/** What the records confirm. @throws ApplicationFailure with the code of what speaks against it */
export function requireTaken<T extends { outcome: 'taken' }>(
  taken: T | { outcome: 'refused'; problems: Problem[] },
): T {
  if (taken.outcome === 'taken') return taken;
  const [first] = taken.problems;
  throw ApplicationFailure.nonRetryable(first!.detail, first!.code);
}
