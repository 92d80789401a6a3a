import { tellHosts } from '../../../adapters/db/rollouts/restricting';
import type { FeedEntry } from '../../../contracts/rollouts/feed';
import type { Client } from '../../../sdk/client';
import { addPublisher, addTenants } from '../builders/identities';
import { createPublishRequest } from '../builders/submission';
import { ask } from '../requests/ask';
import { openMarketplace, type Marketplace } from './marketplace';

/** A marketplace in which plugins of acme are listed and offered to everybody, and who may withhold them. */
export interface Listings {
  market: Marketplace;
  operator: Client;
  /** acme, and its token. */
  publisher: Client;
  publisherToken: string;
  /** Another publisher. */
  stranger: Client;
  tenant: Client;
  /** A plugin of its own with two listed versions, as completed rollouts leave them; gives its id. */
  listPlugin(signedBy?: string): Promise<string>;
  /** The entries of the feed after a revision, once hosts were told. */
  readFeed(since: number): Promise<FeedEntry[]>;
  readHead(): Promise<number>;
  /** What globex is answered that asks for a package. */
  download(versionId: string): Promise<{ status: number; code: unknown }>;
  /** The versions that the catalogue lists of a plugin. */
  listCatalogue(pluginId: string): Promise<string[]>;
}

export async function openListings(): Promise<Listings> {
  const market = await openMarketplace();
  const tenantToken = (await addTenants(market.db, ['globex'])).get('globex') ?? '';
  const publisherToken = await addPublisher(market.db, 'acme');
  const tenant = market.sdk(tenantToken);
  let plugins = 0;
  return {
    ...{ market, tenant, publisherToken },
    operator: market.sdk(market.operatorToken),
    publisher: market.sdk(publisherToken),
    stranger: market.sdk(await addPublisher(market.db, 'hooli')),
    listPlugin: (signedBy) => listPlugin(market, `com.acme.p${(plugins += 1)}`, signedBy),
    async readFeed(since) {
      await tellHosts(market.db, 100, new Date());
      const reply = await tenant.rollouts.readFeed({ since });
      return reply.changed ? reply.page.entries : [];
    },
    readHead: async () => (await market.db('feed_head').first('revision'))!.revision,
    async download(versionId) {
      const [pluginId = '', version = ''] = versionId.split('@');
      const url = `${market.url}/api/v1/plugins/${pluginId}/versions/${version}/download`;
      const { status, body } = await ask(url, { token: tenantToken });
      return { status, code: body.code };
    },
    async listCatalogue(pluginId) {
      const { plugins: entries } = await tenant.catalogue.list({ limit: 200 });
      return entries.filter((entry) => entry.pluginId === pluginId).map(({ version }) => version);
    },
  };
}

async function listPlugin(market: Marketplace, pluginId: string, signedBy = 'A'.repeat(40)): Promise<string> {
  await market.db('plugins').insert({ id: pluginId, publisher_id: 'acme', name: 'Notes' });
  await listVersion(market, { pluginId, version: '1.0.0', previous: null, signedBy });
  await listVersion(market, { pluginId, version: '1.1.0', previous: '1.0.0', signedBy });
  return pluginId;
}

async function listVersion(
  { db }: Marketplace,
  listed: { pluginId: string; version: string; previous: string | null; signedBy: string },
): Promise<void> {
  const { pluginId, version } = listed;
  const { channel, manifest, notes, artefact } = createPublishRequest({ pluginId, version });
  const [id, at] = [`${pluginId}@${version}`, new Date()];
  await db('versions').insert({
    ...{ id, plugin_id: pluginId, version, channel, manifest: JSON.stringify(manifest), notes },
    ...{ notes_source: 'flag', package_sha256: artefact.sha256, package_bytes: artefact.bytes },
    ...{ manifest_digest: artefact.manifestDigest, object_key: 'packages/a', signed_by: listed.signedBy },
    ...{ created_at: at, listed_at: at },
  });
  const rule = JSON.stringify({ salt: id, basisPoints: 10_000, allow: [], deny: [] });
  const [head] = await db('feed_head').increment('revision', 1).returning('revision');
  await db('feed').insert({
    ...{ revision: head!.revision, key: `offer:${id}`, version_id: id, kind: 'offer', rule },
    ...{ stage: 1, at, previous_version: listed.previous },
  });
}
