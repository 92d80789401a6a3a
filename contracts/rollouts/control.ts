import { z } from 'zod';

/** What an operator may ask of a running rollout. */
export const rolloutActions = ['pause', 'resume', 'abort'] as const;
export type RolloutAction = (typeof rolloutActions)[number];

export const rolloutActionReplySchema = z.object({ versionId: z.string(), action: z.enum(rolloutActions) });
