import { z } from 'zod';
import { rolloutActions } from '../../core/rollouts/commands';

export const rolloutActionReplySchema = z.object({ versionId: z.string(), action: z.enum(rolloutActions) });
