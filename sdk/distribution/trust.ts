import { trustKeySchema } from '../../contracts/distribution/trust';
import { tenantPaths } from '../../contracts/paths';
import type { Transport } from '../http/transport';

/** What a tenant's host needs to read signed statements, which it fetches by itself. */
export const trustClient = (transport: Transport) => ({
  /** The key by which signed rules name the tenant. */
  readKey: async (): Promise<string> => {
    const path = transport.tenantPath(tenantPaths.trustKey);
    return (await transport.json({ method: 'GET', path }, trustKeySchema)).tenantKey;
  },
});
