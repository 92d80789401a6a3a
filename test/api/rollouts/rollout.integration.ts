import { createHash } from 'node:crypto';
import { computeBucket } from '../../../core/rollouts/cohort';
import type { FeedReply } from '../../../sdk/rollouts/rollouts';
import { rolloutWorkflowId } from '../../../core/ids';
import { stageQuery } from '../../../workflows/releases/messages';
import { reach } from '../../support/builders/author';
import {
  failedReport,
  openReleaseMarketplace,
  takeAndReport,
  type ReleaseMarketplace,
} from '../../support/servers/releaseMarketplace';
import type { Marketplace } from '../../support/servers/marketplace';
import { eventually, until } from '../../support/waiting';

const slow = {
  stages: [
    { percentage: 50, wait: '10m' },
    { percentage: 100, wait: '1s' },
  ],
  // A stage without anybody in its cohort does not last.
  tenants: { allow: ['globex'], deny: [] },
};

const quick = {
  stages: [
    { percentage: 50, wait: '1s' },
    { percentage: 100, wait: '1s' },
  ],
  tenants: { allow: ['globex'], deny: [] },
};

let setting: ReleaseMarketplace;
let market: Marketplace;
let publisher: ReleaseMarketplace['publisher'];
let operator: ReleaseMarketplace['operator'];
let reviewers: ReleaseMarketplace['reviewers'];
let hosts: ReleaseMarketplace['hosts'];

beforeAll(async () => {
  setting = await openReleaseMarketplace();
  ({ market, publisher, reviewers, operator, hosts } = setting);
});
afterAll(() => setting.stop());

const untilFirstStage = (versionId: string): Promise<string> =>
  until(
    `the first stage of ${versionId}`,
    async () => (await publisher.releases.read(versionId)).rollout?.stages[0]?.startedAt,
  );

test('an approved version is listed, offered by stages, installed and completed; before, nobody sees it [LST-01]', async () => {
  const pluginId = 'notes-listed';
  const { versionId, packageSha256 } = await setting.submit(pluginId, quick);
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  const listed = async () =>
    (await market.sdk().catalogue.list({ limit: 200 })).plugins.map((each) => each.versionId);
  expect(await listed()).not.toContain(versionId);
  const { etag, page } = (await hosts.globex.rollouts.readFeed({})) as Extract<FeedReply, { changed: true }>;
  expect((await hosts.globex.rollouts.readFeed({ etag })).changed).toBe(false);
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  expect(await listed()).toContain(versionId);
  await until('the end of the rollout', async () => {
    const { rollout, state } = await publisher.releases.read(versionId);
    const running = rollout?.stages.find((each) => each.startedAt && !each.endedAt);
    if (running) await takeAndReport(hosts.globex, pluginId, running.stage);
    return state !== 'rolling_out';
  });
  expect(await reach(publisher, versionId, ['completed', 'rolled_back'])).toBe('completed');
  const changed = await hosts.globex.rollouts.readFeed({ since: page.next, etag });
  expect(changed).toMatchObject({ changed: true });
  const entries = changed.changed ? changed.page.entries.filter((each) => each.versionId === versionId) : [];
  expect(entries.at(-1)).toMatchObject({
    kind: 'offer',
    rule: { basisPoints: 10_000 },
    package: { sha256: packageSha256 },
  });
  const grant = await hosts.globex.installations.requestDownload(pluginId, '1.0.0');
  const bytes = Buffer.from(await (await fetch(grant.url)).arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(grant.sha256);
});

test('operators pause, resume and abort a rollout, each with an audit row of its own [RLO-24] [SEC-21]', async () => {
  const pluginId = 'notes-steered';
  const { versionId, packageSha256 } = await setting.submit(pluginId, slow);
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  await expect(operator.rollouts.pause(versionId)).rejects.toMatchObject({ code: 'ROLLOUT_NOT_ACTIVE' });
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  await operator.rollouts.pause(versionId);
  await reach(publisher, versionId, ['paused']);
  await operator.rollouts.resume(versionId);
  await reach(publisher, versionId, ['rolling_out']);
  await operator.rollouts.abort(versionId);
  await reach(publisher, versionId, ['rolled_back']);
  const rows = await market
    .db('audit')
    .where({ subject: versionId })
    .whereLike('action', 'rollout.%')
    .select('action', 'actor', 'request_id', 'at');
  const steered = rows.filter(({ actor }) => actor === 'operator:admin');
  expect(steered.map(({ action }) => action)).toEqual(
    expect.arrayContaining(['rollout.paused', 'rollout.resumed']),
  );
  expect(rows.map(({ action }) => String(action)).join(' ')).toMatch(/abort|withdraw/);
  for (const row of steered)
    expect(row).toMatchObject({ request_id: expect.any(String), at: expect.any(Date) });
  await expect(hosts.globex.installations.requestDownload(pluginId, '1.0.0')).rejects.toMatchObject({
    code: 'VERSION_WITHDRAWN',
  });
});

test('a tenant outside of the running stage is told to ask again when the workflow ends it, and one inside is served [RLO-11]', async () => {
  const pluginId = 'notes-staged';
  const { versionId, packageSha256 } = await setting.submit(pluginId, slow);
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  await untilFirstStage(versionId);
  const { salt } = (await market.db('rollouts').where({ version_id: versionId }).first('salt')) as {
    salt: string;
  };
  const name = (inside: boolean) =>
    Array.from({ length: 100 }, (_, index) => `tenant-${index}`).find(
      (id) => computeBucket(salt, id) < 5000 === inside,
    )!;
  const [inside, outside] = [name(true), name(false)];
  const clients = await Promise.all(
    [inside, outside].map(async (tenantId) =>
      market.sdk((await operator.identity.registerTenant({ tenantId, name: tenantId })).token),
    ),
  );
  expect(await clients[0]!.rollouts.readStatus(versionId)).toMatchObject({ available: true, stage: 1 });
  expect(await clients[0]!.installations.requestDownload(pluginId, '1.0.0')).toMatchObject({
    sha256: packageSha256,
  });
  await clients[0]!.installations.requestDownload(pluginId, '1.0.0');
  const running = market.temporal.workflow.getHandle(rolloutWorkflowId(versionId));
  const stage = await running.query(stageQuery);
  expect(await clients[1]!.rollouts.readStatus(versionId)).toEqual({
    available: false,
    reason: 'Not in current rollout stage',
    retryAfter: stage!.nextStageAt,
    stage: 1,
  });
  const refused = await clients[1]!.installations
    .requestDownload(pluginId, '1.0.0')
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: 'NOT_IN_STAGE', cause: { retryAfterSeconds: expect.any(Number) } });
  const handed = await market
    .db('download_grants')
    .where({ version_id: versionId })
    .select('tenant_id', 'package_sha256', 'stage');
  expect(handed).toEqual([{ tenant_id: inside, package_sha256: packageSha256, stage: 1 }]);
});

test('a rollout is taken back as soon as a host reports a failure, however long its stage lasts [ACC-08]', async () => {
  const pluginId = 'notes-condemned';
  // A look of its own would come after a minute at the earliest.
  const { versionId, packageSha256 } = await setting.submit(pluginId, {
    stages: [{ percentage: 100, wait: '1d' }],
  });
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  await untilFirstStage(versionId);
  await takeAndReport(hosts.globex, pluginId, 1, failedReport);
  expect(await reach(publisher, versionId, ['rolled_back'])).toBe('rolled_back');
});

test('operators find a running rollout in Temporal by plugin, state, stage and percentage [RLO-01]', async () => {
  const pluginId = 'notes-visible';
  const { versionId, packageSha256 } = await setting.submit(pluginId, slow);
  await hosts.globex.subscriptions.subscribe(pluginId, { channel: 'stable', autoUpgrade: true });
  await reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(publisher, versionId, ['rolling_out']);
  const query = `PluginId = '${pluginId}' and ReleaseState = 'rolling_out' and RolloutStage >= 1 and RolloutPercentage >= 50`;
  // The server's list follows a moment behind.
  await eventually('the release in the list of workflows', async () => {
    const found: string[] = [];
    for await (const { workflowId } of market.temporal.workflow.list({ query })) found.push(workflowId);
    expect(found).toEqual([`release:${versionId}`]);
  });
  const rollout = await market.temporal.workflow.getHandle(rolloutWorkflowId(versionId)).describe();
  expect(rollout.status.name).toBe('RUNNING');
  await operator.rollouts.abort(versionId);
  await reach(publisher, versionId, ['rolled_back']);
});
