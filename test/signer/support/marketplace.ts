import { connect } from '../../../adapters/db/connect';
import type { SignedReleases } from '../../../contracts/distribution/releases';
import { asRole } from '../../../infra/postgres/cluster';
import { addPublisher } from '../../support/builders/identities';
import { openMarketplace, type Marketplace } from '../../support/servers/marketplace';
import { openSigning, type SigningScene } from './scene';

/** The API with a publisher, and a signer over its database in the signer's role. */
export interface SignedMarketplace {
  market: Marketplace;
  scene: SigningScene;
  trustUrl: string;
  stop(): Promise<void>;
}

export async function openSignedMarketplace(): Promise<SignedMarketplace> {
  const market = await openMarketplace();
  const password = decodeURIComponent(new URL(market.databaseUrl).password);
  const db = connect(asRole(market.databaseUrl, 'spillway_signer', password), { applicationName: 'signer' });
  const scene = await openSigning(db);
  await addPublisher(market.db);
  return {
    ...{ market, scene, trustUrl: `${market.url}/api/trust` },
    async stop() {
      await db.destroy();
      await market.stop();
    },
  };
}

export const versionsOf = (document: SignedReleases | undefined): string[] =>
  (document?.versions ?? []).map(({ version }) => version).sort();
