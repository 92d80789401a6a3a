import { z } from 'zod';
import { urlText } from '../bounds';

/** Where else people may look: the workflow engine's pages, when there are any, and the documentation. */
export const linksSchema = z.object({ temporalUi: urlText.nullable(), docs: urlText });
export type Links = z.infer<typeof linksSchema>;
