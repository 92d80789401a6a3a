import { z } from 'zod';
import { count, moment } from '../bounds';

/** `GET /api/v1/rollouts/{versionId}`: how a version stands with one tenant (RLO-08, RLO-25). */
export const rolloutStatusSchema = z.object({
  available: z.boolean(),
  reason: z
    .enum(['No active rollout', 'Not in current rollout stage', 'Withheld by the marketplace'])
    .optional(),
  /** When the next stage begins, if one is known. */
  retryAfter: moment.optional(),
  stage: count.optional(),
});
export type RolloutStatus = z.infer<typeof rolloutStatusSchema>;
