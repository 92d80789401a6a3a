import { catalogPageSchema } from '../../contracts/catalogue/catalogue';
import type { pageQuerySchema } from '../../contracts/paging';
import { paths } from '../../contracts/paths';
import type { Query, Transport } from '../http/transport';

/** Reads what is listed: public, so it needs no token. */
export const catalogueClient = (transport: Transport) => ({
  list: (query: Query<typeof pageQuerySchema> = {}) =>
    transport.json({ method: 'GET', path: paths.catalogue, query }, catalogPageSchema),
});
