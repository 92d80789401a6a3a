import { linksSchema } from '../../contracts/operations/links';
import { paths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

/** Where else people may look. */
export const operationsClient = (transport: Transport) => ({
  readLinks: () => transport.json({ method: 'GET', path: paths.links }, linksSchema),
});
