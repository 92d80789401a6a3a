import { z } from 'zod';
import { nameFindingKinds } from '../../core/releases/nameFindings';
import { idText } from '../bounds';

/** Why a person looks at the name of a plugin; what its reader may not know is null. */
export const nameFindingSchema = z.object({
  kind: z.enum(nameFindingKinds),
  /** A plugin of another publisher, or a reserved word. */
  resembles: idText.nullable(),
  publisherId: idText.nullable(),
  /** Whether that plugin was listed. */
  isPublic: z.boolean(),
});
