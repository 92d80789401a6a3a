import { z } from 'zod';

/** `/readyz`: each component that the process needs, and whether it answers. */
export const readinessSchema = z.object({
  ready: z.boolean(),
  components: z.record(z.string(), z.object({ ready: z.boolean(), detail: z.string().optional() })),
});
export type Readiness = z.infer<typeof readinessSchema>;
