import { z } from 'zod';
import { idText } from '../bounds';
import { rolloutActions } from '../../core/rollouts/commands';

export const rolloutActionReplySchema = z.object({ versionId: idText, action: z.enum(rolloutActions) });
