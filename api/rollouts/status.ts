import type { Offer } from '../../adapters/db/rollouts/offers';
import type { RolloutStatus } from '../../contracts/rollouts/status';

/** A tenant's standing in words of the rollout rows RLO-08 and RLO-25. */
export function rolloutStatus({ standing, rollout }: Offer): RolloutStatus {
  if (standing === 'offered') return { available: true, ...toStage(rollout) };
  if (standing === 'withheld')
    return { available: false, reason: 'Withheld by the marketplace', ...toStage(rollout) };
  if (standing !== 'waiting' || !rollout) return { available: false, reason: 'No active rollout' };
  const retryAfter = rollout.stageEndsAt?.toISOString();
  return {
    available: false,
    reason: 'Not in current rollout stage',
    ...(retryAfter ? { retryAfter } : {}),
    ...toStage(rollout),
  };
}

const toStage = (rollout: Offer['rollout']) => (rollout ? { stage: rollout.stage } : {});
