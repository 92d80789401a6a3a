import { randomUUID } from 'node:crypto';
import { formatVersionId, type TaskQueue } from '../../../core/ids';
import type { Receipt } from '../../../contracts/releases/publish';
import type { Report } from '../../../contracts/installations/reports';
import type { RolloutInput } from '../../../contracts/releases/rolloutInput';
import type { Client } from '../../../sdk/client';
import { toRegister } from '../builders/keys';
import { until } from '../waiting';
import { createAuthor, publishAndUpload, reach, type Author } from '../builders/author';
import { openMarketplace, type Marketplace } from './marketplace';

/** A marketplace with everyone who takes part in a release, and a worker that carries it. */
export interface ReleaseMarketplace {
  market: Marketplace;
  author: Author;
  operator: Client;
  publisher: Client;
  reviewers: [Client, Client];
  hosts: { globex: Client; initech: Client };
  /** Publishes a real package and waits until it is in review. */
  submit(pluginId: string, rollout?: RolloutInput): Promise<Receipt & { packageSha256: string }>;
  stop(): Promise<void>;
}

/** Two stages of a second each. */
const quick: RolloutInput = {
  stages: [
    { percentage: 50, wait: '1s' },
    { percentage: 100, wait: '1s' },
  ],
};

/** @param queues those that the product's worker serves; all when none are named */
export async function openReleaseMarketplace(queues?: readonly TaskQueue[]): Promise<ReleaseMarketplace> {
  const [market, author] = await Promise.all([openMarketplace(), createAuthor()]);
  const operator = market.sdk(market.operatorToken);
  const publisher = market.sdk(
    (await operator.identity.registerPublisher({ publisherId: 'acme', name: 'Acme' })).token,
  );
  await publisher.keys.register(toRegister(author.key));
  const reviewer = async (id: string) =>
    market.sdk((await operator.identity.registerReviewer({ reviewerId: id, name: id })).token);
  const host = async (id: string) =>
    market.sdk((await operator.identity.registerTenant({ tenantId: id, name: id })).token);
  await market.startWorker(queues);
  return {
    ...{ market, author, operator, publisher },
    reviewers: [await reviewer('rosa'), await reviewer('ruth')],
    hosts: { globex: await host('globex'), initech: await host('initech') },
    async submit(pluginId, rollout = quick) {
      const prepared = await author.prepare(pluginId, '1.0.0', rollout);
      const receipt = await publishAndUpload(publisher, prepared);
      await reach(publisher, receipt.versionId, ['in_review', 'rejected']);
      return { ...receipt, packageSha256: prepared.request.artefact.sha256 };
    },
    async stop() {
      await market.stop();
      await author.leave();
    },
  };
}

/** What a host says after an installation of version 1.0.0. */
export const createInstalledReport = (pluginId: string, stage: number): Report => ({
  reportId: randomUUID(),
  kind: 'installed',
  pluginId,
  version: '1.0.0',
  activeVersion: '1.0.0',
  stage,
  at: new Date().toISOString(),
  elapsedMs: 1200,
});

/** A host that is offered version 1.0.0, or soon will be, takes it by the route of downloads and says what came of it. */
export async function takeAndReport(
  host: Client,
  pluginId: string,
  stage: number,
  over: Partial<Report> = {},
): Promise<void> {
  const versionId = formatVersionId(pluginId, '1.0.0');
  await until('the offer', async () => (await host.rollouts.readStatus(versionId)).available);
  await host.installations.requestDownload(pluginId, '1.0.0');
  await host.installations.report([{ ...createInstalledReport(pluginId, stage), ...over }]);
}

/** What a host says of an installation that failed and was undone. */
export const failedReport = { kind: 'failed', activeVersion: null } as const;

/** Registers a tenant, which subscribes to a plugin unless it is a stranger. */
export async function join(
  { operator, market }: Pick<ReleaseMarketplace, 'operator' | 'market'>,
  tenantId: string,
  pluginId: string,
  subscribes = true,
): Promise<Client> {
  const { token } = await operator.identity.registerTenant({ tenantId, name: tenantId });
  const host = market.sdk(token);
  if (subscribes) await host.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  return host;
}
