import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RolloutOrder } from '../../contracts/rollouts/messages';
import { releaseWorkflowId, taskQueues } from '../../core/ids';
import { defaultGate } from '../../core/releases/rolloutPlan';
import { reach } from '../support/builders/author';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import { until } from '../support/waiting';

/**
 * Whoever reaches the workflow engine can start, signal and update any workflow. These tests do, as an attacker
 * without a token and without the database.
 */
let setting: ReleaseMarketplace;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
});
afterAll(() => setting.stop());

const attacker = () => setting.market.temporal.workflow;
const readState = async (versionId: string) => (await setting.publisher.releases.read(versionId)).state;
const listFeed = (versionId: string) => setting.market.db('feed').where({ version_id: versionId });

/** Until the workflow has ended, however it did. */
const ended = (workflowId: string) =>
  attacker()
    .getHandle(workflowId)
    .result()
    .then(
      () => 'completed',
      (error: unknown) => String((error as { cause?: { message?: string } }).cause?.message ?? error),
    );

test('no signal and no update approves a release that no reviewer decided on; the reviewer still can', async () => {
  const { versionId, packageSha256 } = await setting.submit('notes-forged');
  const handle = attacker().getHandle(releaseWorkflowId(versionId));
  const messages = [
    ...[undefined, null, 'approve', 7, [null], {}],
    { reviewer: 'rosa', actor: 'reviewer:rosa', requestId: randomUUID(), packageSha256 },
    { decisionId: null },
    { decisionId: randomUUID() },
  ];
  for (const message of messages) {
    await handle.signal('approve', message);
    await handle.signal('stageChanged', message);
    await expect(handle.executeUpdate('decide', { args: [message] })).rejects.toThrow();
  }
  expect(await readState(versionId)).toBe('in_review');
  const decided = setting.reviewers[0].reviews.decide(versionId, { decision: 'reject', packageSha256 });
  await expect(decided).resolves.toMatchObject({ state: 'rejected' });
});

test('a rollout that is started for an unreviewed version offers nothing, and the operators are alerted', async () => {
  const { versionId } = await setting.submit('notes-unreviewed');
  const { db } = setting.market;
  const release = await db('releases').where({ version_id: versionId }).first('id');
  const order: RolloutOrder = {
    ...{ releaseId: release!.id, versionId, pluginId: 'notes-unreviewed', version: '1.0.0' },
    ...{ channel: 'stable', origin: { actor: 'm', requestId: 'm' }, previousVersion: null },
    plan: {
      ...{ type: 'immediate', gate: defaultGate, allow: ['globex'], deny: [] },
      stages: [{ basisPoints: 10_000, durationMs: 1 }],
    },
  };
  const workflowId = `attack-${randomUUID()}`;
  await attacker().start('rollout', { workflowId, taskQueue: taskQueues.release, args: [order] });
  expect(await ended(workflowId)).not.toBe('completed');
  expect(await listFeed(versionId)).toEqual([]);
  expect(await db('rollouts').where({ version_id: versionId })).toEqual([]);
  const alerts = db('outbox')
    .where({ release_id: release!.id })
    .whereRaw(`body->>'kind' = 'evidence_missing'`);
  expect(await alerts).toHaveLength(1);
});

test('workflows that are started with anything but what was agreed end by themselves, and the feed goes on', async () => {
  for (const type of ['release', 'rollout']) {
    for (const input of [null, 7, 'x', {}, { order: null }, { releaseId: null, plan: { stages: null } }]) {
      const workflowId = `attack-${randomUUID()}`;
      await attacker().start(type, { workflowId, taskQueue: taskQueues.release, args: [input] });
      expect(await ended(workflowId)).not.toBe('completed');
    }
  }
  expect((await setting.hosts.globex.rollouts.readFeed({})).changed).toBe(true);
});

test('a release that is started in the name of a publisher who submitted nothing is refused', async () => {
  const prepared = await setting.author.prepare('notes-impostor', '1.0.0');
  const submission = {
    ...{ publisherId: 'acme', actor: 'publisher:acme', requestId: 'm', callId: randomUUID() },
    ...{ submissionDigest: 'a'.repeat(64), request: prepared.request },
  };
  const workflowId = releaseWorkflowId('notes-impostor@1.0.0');
  await attacker().start('release', { workflowId, taskQueue: taskQueues.release, args: [submission] });
  await ended(workflowId);
  expect(await setting.market.db('releases').where({ version_id: 'notes-impostor@1.0.0' })).toEqual([]);
  expect(await setting.market.db('plugins').where({ id: 'notes-impostor' })).toEqual([]);
});

test('a paused rollout is not resumed by a signal that no operator sent', async () => {
  const { versionId, packageSha256 } = await setting.submit('notes-held', {
    stages: [
      { percentage: 50, wait: '10m' },
      { percentage: 100, wait: '1s' },
    ],
    // A stage without anybody in its cohort does not last.
    tenants: { allow: ['globex'], deny: [] },
  });
  await setting.hosts.globex.subscriptions.subscribe('notes-held', { channel: 'stable', autoUpgrade: true });
  const db = setting.market.db;
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });
  await reach(setting.publisher, versionId, ['rolling_out']);
  // A rollout that is paused before its first stage has begun offers nothing at all.
  await until('the first stage', () => db('feed').where({ version_id: versionId }).first('stage'));
  await setting.operator.rollouts.pause(versionId);
  await reach(setting.publisher, versionId, ['paused']);
  const handle = attacker().getHandle(`rollout:${versionId}`);
  for (const message of [
    undefined,
    null,
    {},
    { actor: 'operator:admin', requestId: 'm' },
    { commandId: randomUUID() },
  ]) {
    for (const signal of ['resume', 'pause', 'abort']) await handle.signal(signal, message);
  }
  await sleep(1_000);
  expect(await readState(versionId)).toBe('paused');
  expect(await db('feed').where({ version_id: versionId }).pluck('stage')).toEqual([1]);
  await setting.operator.rollouts.resume(versionId);
  await reach(setting.publisher, versionId, ['rolling_out']);
});
