import { rolloutWorkflowId } from '../../core/ids';
import { reach } from '../support/builders/author';
import { until } from '../support/waiting';
import {
  createInstalledReport,
  failedReport,
  join,
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

/** How often reports made the rollout's workflow evaluate them. */
async function countEvaluations(versionId: string): Promise<number> {
  const handle = setting.market.temporal.workflow.getHandle(rolloutWorkflowId(versionId));
  const { events = [] } = await handle.fetchHistory();
  return (events ?? []).filter(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'evaluate',
  ).length;
}

test('failures that are reported by strangers, and by subscribers that never downloaded, take back nothing that five hosts run well', async () => {
  const pluginId = 'notes-well';
  const { versionId, packageSha256 } = await setting.submit(pluginId, {
    stages: [{ percentage: 100, wait: '2s' }],
  });
  const names = ['w1', 'w2', 'w3', 'w4', 'w5'];
  const well = await Promise.all(names.map((id) => join(setting, id, pluginId)));
  const liars = [
    ...(await Promise.all(['s1', 's2', 's3'].map((id) => join(setting, id, pluginId, false)))),
    ...(await Promise.all(['l1', 'l2', 'l3'].map((id) => join(setting, id, pluginId)))),
  ];
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(setting.publisher, versionId, ['rolling_out']);
  for (const liar of liars) {
    await liar.installations.report([{ ...createInstalledReport(pluginId, 1), ...failedReport }]);
  }
  for (const host of well) await takeAndReport(host, pluginId, 1);
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('completed');
  const { rollout } = await setting.publisher.releases.read(versionId);
  expect(rollout?.stages[0]).toMatchObject({ verdict: 'pass', installed: 5, failed: 0 });
  expect(await countEvaluations(versionId)).toBe(0);
  for (const host of well) {
    const { installations } = await host.installations.list();
    expect(installations).toMatchObject([{ pluginId, version: '1.0.0', state: 'installed' }]);
  }
});

test('one tenant that downloads a good version and reports a failure holds it up for three others, and stops it for nobody', async () => {
  const pluginId = 'notes-slandered';
  const { versionId, packageSha256 } = await setting.submit(pluginId, {
    stages: [{ percentage: 100, wait: '2s' }],
  });
  const liar = await join(setting, 'mallory', pluginId);
  const names = ['h1', 'h2', 'h3', 'h4'];
  const hosts = await Promise.all(names.map((id) => join(setting, id, pluginId)));
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(setting.publisher, versionId, ['rolling_out']);
  await takeAndReport(liar, pluginId, 1, failedReport);
  const asked = new Set<string>();
  while (asked.size < 3) {
    const turn = await until('the next turn', () =>
      setting.market
        .db('second_opinion_turns')
        .where({ version_id: versionId })
        .whereNotIn('tenant_id', [...asked])
        .first(),
    );
    // It says so again and again, and takes it back, which changes nothing.
    await takeAndReport(liar, pluginId, 1, failedReport);
    await takeAndReport(liar, pluginId, 1);
    await takeAndReport(hosts[names.indexOf(turn.tenant_id)]!, pluginId, 1);
    asked.add(turn.tenant_id);
  }
  expect(await reach(setting.publisher, versionId, ['completed', 'rolled_back', 'paused'])).toBe('completed');
  const { rollout } = await setting.publisher.releases.read(versionId);
  expect(rollout?.stages[0]).toMatchObject({ verdict: 'pass', installed: 3, failed: 1 });
  // Its own failure and three answers: what counts nothing wakes nobody.
  expect(await countEvaluations(versionId)).toBeLessThanOrEqual(4);
  const told = setting.market.db('outbox').whereRaw(`body->>'kind' = 'second_opinion'`);
  const title = setting.market.db.raw<string>(`body->>'title'`);
  expect(await told.select('recipient_kind', { title })).toEqual([
    { recipient_kind: 'operator', title: `${pluginId} 1.0.0 failed at mallory alone` },
  ]);
});
