import { installationListSchema } from '../../contracts/installations/installations';
import { reportReplySchema, type Report } from '../../contracts/installations/reports';
import { fillPath, tenantPaths } from '../../contracts/paths';
import { dropAnswer } from '../http/answers';
import { unexpected } from '../http/problems';
import type { Transport } from '../http/transport';

/** Where a package may be fetched from for a while, and what it must be. */
export interface DownloadGrant {
  url: string;
  sha256: string;
}

/** Fetches packages and reports installations, as a tenant's host. */
export const installationsClient = (transport: Transport) => ({
  /**
   * A signed address of a version's package; the bytes are for the caller to fetch and verify.
   *
   * @throws Refusal NOT_IN_STAGE (with the seconds to wait), VERSION_RESTRICTED, VERSION_WITHDRAWN or NOT_FOUND
   */
  async requestDownload(pluginId: string, version: string): Promise<DownloadGrant> {
    const path = transport.tenantPath(fillPath(tenantPaths.download, { pluginId, version }));
    const reply = await transport.open({ method: 'GET', path });
    await dropAnswer(reply.body);
    const { location, 'x-package-sha256': sha256 } = reply.headers;
    if (typeof location === 'string' && typeof sha256 === 'string') return { url: location, sha256 };
    throw unexpected(reply.origin, 'the answer names no address');
  },

  /** Delivers reports; each counts once however often it is sent. */
  report: (reports: Report[]) =>
    transport.json(
      { method: 'POST', path: transport.tenantPath(tenantPaths.reports), body: { reports } },
      reportReplySchema,
    ),

  /** What the tenant runs, as its host reported. */
  list: () =>
    transport.json(
      { method: 'GET', path: transport.tenantPath(tenantPaths.installations) },
      installationListSchema,
    ),
});
