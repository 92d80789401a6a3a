import { problem, type Problem } from '../errors/errors';
import { isBefore, isTerminal, type ReleaseState } from './state';

/** What decides whether a release can be withdrawn by its publisher. */
export interface Withdrawable {
  versionId: string;
  state: ReleaseState;
  /** When the version was listed; null when it never was. */
  listedAt: Date | null;
}

/** A release that is over before anybody was offered it. */
export const isWithdrawn = ({ state, listedAt }: Withdrawable): boolean =>
  state === 'withdrawn' && listedAt === null;

/**
 * Why a publisher may not withdraw a release: it has ended, or it is listed. What tenants were offered is taken
 * back by aborting its rollout, which is an operator's decision.
 */
export function checkWithdrawal({ versionId, state, listedAt }: Withdrawable): Problem[] {
  if (isTerminal(state)) return [problem('RELEASE_STATE', `${versionId} has ended as ${state}.`)];
  if (listedAt === null && isBefore(state, 'listed')) return [];
  const detail = `${versionId} is listed (${state}), so tenants may have it already. Ask an operator to abort its rollout, or publish a newer version.`;
  return [problem('RELEASE_STATE', detail)];
}

/** Why a release was withdrawn, in a sentence; the words of who asked are quoted. */
export const describeWithdrawal = (actor: string, reason: string | null): string =>
  reason ? `${actor} asked for it: “${reason}”` : `${actor} asked for it.`;
