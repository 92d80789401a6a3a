import { randomUUID } from 'node:crypto';
import { writeWithdrawal } from '../../adapters/db/releases/withdrawals';
import { releaseWorkflowId, rolloutWorkflowId, taskQueues } from '../../core/ids';
import { MOST_RESTARTS_AN_HOUR } from '../../core/operations/reconcile';
import { until } from '../support/waiting';
import { openReleaseMarketplace, type ReleaseMarketplace } from '../support/servers/releaseMarketplace';
import {
  attack,
  createPasses,
  isReleaseRunning,
  isRunning,
  listAlerts,
  readGains,
  readState,
  untilListed,
  untilState,
  type Attack,
} from './support/lostRuns';

/**
 * Whoever may write to the workflow engine may end, cancel, put back and delete what runs in it. The rows stay what
 * they are, and one pass of the reconciler later the release goes on from them.
 */
let setting: ReleaseMarketplace;
let pass: ReturnType<typeof createPasses>;
beforeAll(async () => {
  setting = await openReleaseMarketplace();
  pass = createPasses(setting.market);
});
afterAll(() => setting.stop());

const approve = (versionId: string, packageSha256: string) =>
  setting.reviewers[0].reviews.decide(versionId, { decision: 'approve', packageSha256 });

test.each<Attack>(['terminate', 'cancel', 'reset', 'delete'])(
  'a release in review whose workflow somebody meets with “%s” is in review again, with its deadline, and goes on to its end',
  async (kind) => {
    const { market } = setting;
    const { versionId, packageSha256 } = await setting.submit(`notes-${kind}`);
    const release = await market.db('releases').where({ version_id: versionId }).first('id');
    const due = () => market.db('review_queue').where({ release_id: release!.id }).first('sla_deadline');
    const [gains, deadline] = [await readGains(market, versionId), await due()];
    await attack(market, kind, releaseWorkflowId(versionId));
    expect(await pass()).toMatchObject({ restarted: 1, failed: 0 });
    expect(await readState(market, versionId)).toBe('in_review');
    expect(await isReleaseRunning(market, versionId)).toBe(true);
    expect(await readGains(market, versionId)).toEqual(gains);
    expect(await due()).toEqual(deadline);
    expect(await listAlerts(market, versionId)).toEqual(['workflow_restarted']);
    const audited = market.db('audit').where({ subject: versionId, action: 'workflow.restarted' });
    expect(await audited.pluck('actor')).toEqual(['spillway']);
    await expect(approve(versionId, packageSha256)).resolves.toMatchObject({ state: 'approved' });
    await untilState(market, versionId, 'completed');
    expect(await pass()).toMatchObject({ restarted: 0, ended: 0, failed: 0 });
  },
);

test('a withdrawal that never reached its release is carried out by a pass, and cannot be approved before', async () => {
  const { market } = setting;
  const { versionId, packageSha256 } = await setting.submit('notes-unheard');
  const release = await market.db('releases').where({ version_id: versionId }).first('id');
  // What the API leaves where the engine is away.
  const by = { actor: 'publisher:acme', requestId: randomUUID() };
  await writeWithdrawal(market.db, { releaseId: release!.id, reason: undefined }, by, new Date());
  await expect(approve(versionId, packageSha256)).rejects.toMatchObject({ code: 'REVIEW_CLOSED' });
  // Within the first minute its own message may be on the way.
  const [first, second] = [await pass(), await pass(0)];
  expect(first.withdrawn + second.withdrawn).toBe(1);
  expect(await readState(market, versionId)).toBe('withdrawn');
  await until('its end', async () => !(await isReleaseRunning(market, versionId)));
  const ends = market.db('release_transitions').where({ release_id: release!.id, to_state: 'withdrawn' });
  expect(await ends).toMatchObject([{ from_state: 'in_review', actor: by.actor, request_id: by.requestId }]);
  expect(await listAlerts(market, versionId)).toEqual([]);
});

test('a withdrawal of a release whose workflow was lost is carried out by the next run, and the call again says so', async () => {
  const { market, publisher } = setting;
  const { versionId } = await setting.submit('notes-lost');
  await attack(market, 'terminate', releaseWorkflowId(versionId));
  await expect(publisher.releases.withdraw(versionId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect(await readState(market, versionId)).toBe('in_review');
  expect(await pass()).toMatchObject({ restarted: 1 });
  await untilState(market, versionId, 'withdrawn');
  expect(await publisher.releases.withdraw(versionId)).toEqual({ versionId, state: 'withdrawn' });
});

test('a release that is lost again and again is started five times an hour, and then an operator is asked', async () => {
  const { market } = setting;
  const { versionId } = await setting.submit('notes-again');
  for (let times = 0; times < MOST_RESTARTS_AN_HOUR; times += 1) {
    await attack(market, 'terminate', releaseWorkflowId(versionId));
    expect(await pass(0)).toMatchObject({ restarted: 1 });
  }
  await attack(market, 'terminate', releaseWorkflowId(versionId));
  expect(await pass(0)).toMatchObject({ restarted: 0, refused: 1 });
  expect(await pass(61)).toMatchObject({ restarted: 0, refused: 1 });
  expect(await listAlerts(market, versionId)).toEqual(['workflow_restarted', 'workflow_lost']);
  expect(await readState(market, versionId)).toBe('in_review');
  expect(await pass()).toMatchObject({ restarted: 1 });
  expect(await isReleaseRunning(market, versionId)).toBe(true);
});

test('what runs without a release, or under the id of one that has ended, is ended and noted', async () => {
  const { market } = setting;
  const { versionId, packageSha256 } = await setting.submit('notes-ended');
  await setting.reviewers[0].reviews.decide(versionId, { decision: 'reject', packageSha256 });
  const queue = `nobody-${randomUUID()}`;
  const start = (workflowId: string, taskQueue: string) =>
    market.temporal.workflow.start('rollout', { workflowId, taskQueue, args: [null] });
  // Signals of a foreign product on its own queue are none of this platform's business.
  const foreign = await start(`attack-${randomUUID()}`, queue);
  await until('the end of its own run', async () => !(await isReleaseRunning(market, versionId)));
  // One that was put back ends by itself, or by the next pass.
  await attack(market, 'reset', releaseWorkflowId(versionId));
  await until('its end', async () => {
    await pass(0);
    return !(await isReleaseRunning(market, versionId));
  });
  // They wait for their first task, so that nothing but a pass ends them.
  const strays = [releaseWorkflowId(versionId), releaseWorkflowId('no-such-plugin@1.0.0')];
  for (const workflowId of strays) {
    const waiting = { taskQueue: taskQueues.release, args: [null], startDelay: '1h' as const };
    await market.temporal.workflow.start('release', { workflowId, ...waiting });
    await untilListed(market, workflowId);
  }
  expect(await pass(11)).toMatchObject({ restarted: 0, ended: 0 });
  expect(await pass()).toMatchObject({ restarted: 0, ended: 2 });
  for (const workflowId of strays) expect(await isRunning(market, workflowId)).toBe(false);
  expect(await readState(market, versionId)).toBe('rejected');
  expect((await foreign.describe()).status.name).toBe('RUNNING');
});

test('whoever takes the id of a rollout before it begins delays it by a pass and gains nothing', async () => {
  const { market } = setting;
  const { versionId, packageSha256 } = await setting.submit('notes-squatted');
  const squatter = await market.temporal.workflow.start('squatter', {
    ...{ workflowId: rolloutWorkflowId(versionId), taskQueue: taskQueues.quick, args: [] },
  });
  await approve(versionId, packageSha256);
  await untilState(market, versionId, 'rolling_out');
  for (let left = 50; left > 0 && (await isReleaseRunning(market, versionId)); left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(await pass()).toMatchObject({ restarted: 1 });
  await untilState(market, versionId, 'completed');
  const { workflowId, firstExecutionRunId } = squatter;
  const first = market.temporal.workflow.getHandle(workflowId, firstExecutionRunId);
  expect((await first.describe()).status.name).toBe('TERMINATED');
});
