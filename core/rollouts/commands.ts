import { HOUR } from '../duration';
import { problem, type Problem } from '../errors/errors';

/** What an operator may ask of a running rollout. */
export const rolloutActions = ['pause', 'resume', 'abort'] as const;
export type RolloutAction = (typeof rolloutActions)[number];

/** A command that the rollout has not taken within this time is void, in milliseconds. */
export const COMMAND_LIFETIME_MS = HOUR;

/**
 * Why a rollout does not take the command that a message refers to. What counts is the row that the API wrote
 * for an authenticated operator.
 */
export function checkCommand(
  asked: { versionId: string; commandId: string; action: RolloutAction },
  recorded: { action: RolloutAction; expiresAt: Date } | undefined,
  now: Date,
): Problem[] {
  const { versionId, commandId, action } = asked;
  if (recorded?.action !== action) {
    return [
      problem('COMMAND_UNKNOWN', `Nobody has recorded a command ${commandId} to ${action} ${versionId}.`),
    ];
  }
  if (recorded.expiresAt > now) return [];
  const when = recorded.expiresAt.toISOString();
  return [
    problem('COMMAND_EXPIRED', `The command ${commandId} to ${action} ${versionId} expired at ${when}.`),
  ];
}
