import { z } from 'zod';
import { lineText, longText, recordOf } from './bounds';

/** `/readyz`: each component that the process needs, and whether it answers. */
export const readinessSchema = z.object({
  ready: z.boolean(),
  components: recordOf(lineText, z.object({ ready: z.boolean(), detail: longText.optional() }), 100),
});
export type Readiness = z.infer<typeof readinessSchema>;
