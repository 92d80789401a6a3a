import type { Client } from '../../sdk/client';
import { reach } from '../support/builders/author';
import {
  createInstalledReport,
  failedReport,
  openReleaseMarketplace,
  takeAndReport,
  type ReleaseMarketplace,
} from '../support/servers/releaseMarketplace';

/**
 * Tenants that want a version gone, or that have lost their minds: they report what they never installed. The
 * version is judged by those who were handed it.
 */
let setting: ReleaseMarketplace;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
});
afterAll(() => setting.stop());

/** Registers a tenant, which subscribes to the plugin unless it is a stranger. */
async function join(tenantId: string, pluginId: string, subscribes = true): Promise<Client> {
  const { token } = await setting.operator.identity.registerTenant({ tenantId, name: tenantId });
  const host = setting.market.sdk(token);
  if (subscribes) await host.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  return host;
}

test('failures that are reported by strangers, and by subscribers that never downloaded, take back nothing that five hosts run well', async () => {
  const pluginId = 'notes-well';
  const names = ['w1', 'w2', 'w3', 'w4', 'w5'];
  const well = await Promise.all(names.map((id) => join(id, pluginId)));
  const liars = [
    ...(await Promise.all(['s1', 's2', 's3'].map((id) => join(id, pluginId, false)))),
    ...(await Promise.all(['l1', 'l2', 'l3'].map((id) => join(id, pluginId)))),
  ];
  const { versionId, packageSha256 } = await setting.submit(pluginId, {
    stages: [{ percentage: 100, wait: '2s' }],
  });
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(setting.publisher, versionId, ['rolling_out']);
  for (const liar of liars) {
    await liar.installations.report([{ ...createInstalledReport(pluginId, 1), ...failedReport }]);
  }
  for (const host of well) await takeAndReport(host, pluginId, 1);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('completed');
  const { rollout } = await setting.publisher.releases.read(versionId);
  expect(rollout?.stages[0]).toMatchObject({ verdict: 'pass', installed: 5, failed: 0 });
  for (const host of well) {
    const { installations } = await host.installations.list();
    expect(installations).toMatchObject([{ pluginId, version: '1.0.0', state: 'installed' }]);
  }
});
