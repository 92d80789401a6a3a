import { HOUR, SECOND } from '../duration';
import type { RolloutStage } from '../releases/rolloutPlan';

/**
 * How long one tenant is waited for, in milliseconds, before the version is offered to the next: a tenth of the
 * stage, at least half a minute, at most an hour.
 */
export const getTurnMs = ({ durationMs }: RolloutStage): number =>
  Math.max(30 * SECOND, Math.min(HOUR, Math.ceil(durationMs / 10)));
