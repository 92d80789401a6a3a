import { z } from 'zod';

/** Where else people may look: the workflow engine's pages, when there are any, and the documentation. */
export const linksSchema = z.object({ temporalUi: z.string().nullable(), docs: z.string() });
export type Links = z.infer<typeof linksSchema>;
