import { HOUR } from '../duration';
import { problem, type Problem } from '../errors/errors';
import { isTerminal, type ReleaseState } from '../releases/state';

/** What an operator may ask of a running rollout. */
export const rolloutActions = ['pause', 'resume', 'abort'] as const;
export type RolloutAction = (typeof rolloutActions)[number];

/** A command that the rollout has not taken within this time is void, in milliseconds. */
export const COMMAND_LIFETIME_MS = HOUR;

/** A command as it is on record. */
export interface RecordedCommand {
  action: RolloutAction;
  expiresAt: Date;
  takenAt: Date | null;
}

/** Whether a command may yet be carried out, or is being: a rollout has taken it, or may still take it. */
export const isOpenCommand = (
  { takenAt, expiresAt }: Pick<RecordedCommand, 'takenAt' | 'expiresAt'>,
  now: Date,
): boolean => takenAt !== null || expiresAt > now;

/** Why a rollout takes no command any more: its release has ended. */
export const checkActive = (versionId: string, state: ReleaseState): Problem[] =>
  isTerminal(state)
    ? [problem('ROLLOUT_NOT_ACTIVE', `No rollout of ${versionId} is running: the release is ${state}.`)]
    : [];

/**
 * Why a rollout does not take the command that a message refers to. What counts is the row that the API wrote
 * for an authenticated operator. One that was taken already is taken again by a retry.
 */
export function checkCommand(
  asked: { versionId: string; state: ReleaseState; commandId: string; action: RolloutAction },
  recorded: RecordedCommand | undefined,
  now: Date,
): Problem[] {
  const { versionId, commandId, action } = asked;
  if (recorded?.action !== action) {
    return [
      problem('COMMAND_UNKNOWN', `Nobody has recorded a command ${commandId} to ${action} ${versionId}.`),
    ];
  }
  const ended = checkActive(versionId, asked.state);
  if (recorded.takenAt === null && ended.length > 0) return ended;
  if (recorded.expiresAt > now) return [];
  const when = recorded.expiresAt.toISOString();
  return [
    problem('COMMAND_EXPIRED', `The command ${commandId} to ${action} ${versionId} expired at ${when}.`),
  ];
}
