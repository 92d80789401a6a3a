import { registerSubmission } from '../../../../adapters/db/releases/register';
import { listVersion, recordPlan } from '../../../../adapters/db/releases/releases';
import { startPlannedStage } from '../../../../adapters/db/rollouts/gates';
import { listRunningRollouts } from '../../../../adapters/db/rollouts/rollouts';
import { imposeRestriction, liftRestriction, tellHosts } from '../../../../adapters/db/rollouts/restricting';
import { DAY, MINUTE } from '../../../../core/duration';
import { defaultGate } from '../../../../core/releases/rolloutPlan';
import { addPublisher, addTenants } from '../../../support/builders/identities';
import { createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';
import { openOpinionScene, type OpinionScene } from './support/opinionScene';

const database = useDatabase();
const tenants = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
beforeAll(async () => {
  await addPublisher(database.knex);
  await addTenants(database.knex, tenants);
});

/** A release whose first stage may begin. */
async function rollOut(pluginId: string) {
  const input = createSubmission({ pluginId });
  const { release } = await registerSubmission(
    database.worker,
    input,
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  await listVersion(database.worker, { ...release, origin }, TODAY);
  const stages = [{ basisPoints: 10_000, durationMs: 1_000 }];
  const plan = { type: 'standard' as const, stages, gate: defaultGate, allow: [], deny: [] };
  const order = { ...release, origin, previousVersion: null, plan };
  await recordPlan(database.worker, order, TODAY);
  await database.knex('releases').where({ id: release.releaseId }).update({ state: 'rolling_out' });
  return order;
}

const impose = (pluginId: string, kind: 'delay' | 'quarantine' = 'quarantine') =>
  imposeRestriction(
    database.api,
    {
      ...{ kind, subjectKind: 'plugin', subjectId: pluginId, publisherId: 'acme', reason: 'A report.' },
      ...{ expiresAt: null, cause: 'decision' },
    },
    origin,
    TODAY,
  );

const listTimeline = (releaseId: string) =>
  database.knex('timeline').where({ release_id: releaseId }).orderBy('seq').pluck('kind');

test('no stage begins while the version is withheld, whatever a workflow asks for; afterwards it does', async () => {
  const order = await rollOut('withheld-plugin');
  const { id } = await impose('withheld-plugin');
  const start = () => startPlannedStage(database.worker, order, 1, TODAY);
  const detail = `Stage 1 of ${order.versionId} was refused: the marketplace withholds the version.`;
  await expect(start()).rejects.toMatchObject({ problems: [{ code: 'EVIDENCE_MISSING', detail }] });
  expect(await database.knex('feed').where({ version_id: order.versionId })).toEqual([]);
  await liftRestriction(database.knex, id, { reason: 'It was wrong.', origin }, TODAY);
  expect(await start()).toMatchObject({ cohort: 0 });
});

test('a delay, which is about listing, stops no rollout of a version that is listed', async () => {
  const order = await rollOut('delayed-plugin');
  await impose('delayed-plugin', 'delay');
  expect(await startPlannedStage(database.worker, order, 1, TODAY)).toMatchObject({ cohort: 0 });
});

test('the timeline tells of a restriction and of its end, each once, and only that of releases that are not over', async () => {
  const [order, other] = [await rollOut('told-plugin'), await rollOut('other-plugin')];
  const over = await registerSubmission(
    database.worker,
    createSubmission({ pluginId: 'told-plugin', version: '9.0.0' }),
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  await database.knex('releases').where({ id: over.release.releaseId }).update({ state: 'rejected' });
  const before = await listTimeline(order.releaseId);
  const { id } = await impose('told-plugin');
  await tellHosts(database.worker, 100, TODAY);
  await tellHosts(database.worker, 100, TODAY);
  expect(await listTimeline(order.releaseId)).toEqual([...before, 'restricted']);
  await liftRestriction(database.knex, id, { reason: 'It was wrong.', origin }, TODAY);
  await tellHosts(database.worker, 100, TODAY);
  await tellHosts(database.worker, 100, TODAY);
  expect(await listTimeline(order.releaseId)).toEqual([...before, 'restricted', 'restriction_lifted']);
  for (const { releaseId } of [other, over.release])
    expect(await listTimeline(releaseId)).not.toContain('restricted');
});

test('a restriction that was lifted before anybody was told of it is on the timeline with both ends', async () => {
  const { releaseId } = await rollOut('brief-plugin');
  const { id } = await impose('brief-plugin');
  await liftRestriction(database.knex, id, { reason: 'It was wrong.', origin }, TODAY);
  await tellHosts(database.worker, 100, TODAY);
  expect((await listTimeline(releaseId)).slice(-2)).toEqual(['restricted', 'restriction_lifted']);
});

/** A version that one of few tenants failed to install, before anybody else is asked. */
async function failedOnce(pluginId: string): Promise<OpinionScene> {
  const scene = await openOpinionScene(database, pluginId, tenants);
  await scene.run(tenants[0]!, 'failed');
  return scene;
}

const listTurns = ({ versionId }: OpinionScene): Promise<string[]> =>
  database.knex('second_opinion_turns').where({ version_id: versionId }).orderBy('turn').pluck('tenant_id');

test('a restriction that comes and goes meanwhile has nobody else asked, and opens the offer to nobody else', async () => {
  const scene = await failedOnce('restricted-plugin');
  await scene.evaluate();
  const turn = await scene.invited();
  expect(turn).toHaveLength(1);
  const { id } = await impose('restricted-plugin');
  await tellHosts(database.worker, 10, TODAY);
  expect(await scene.invited()).toEqual([]);
  for (let evaluations = 0; evaluations < 3; evaluations += 1) {
    scene.pass(MINUTE);
    expect(await scene.judge()).toBe('second_opinion');
    expect(await scene.evaluate()).toMatchObject({ isWithheld: true });
  }
  expect(await listTurns(scene)).toEqual(turn);
  await liftRestriction(database.knex, id, { reason: 'Fine.', origin }, TODAY);
  await tellHosts(database.worker, 10, TODAY);
  expect(await scene.invited()).toEqual(turn);
  expect(await scene.evaluate()).not.toHaveProperty('isWithheld');
  expect(await listTurns(scene)).toEqual([...turn, ...(await scene.invited())]);
});

test('no second opinion is opened while the version is withheld', async () => {
  const scene = await failedOnce('doubted-plugin');
  const { id } = await impose('doubted-plugin');
  await scene.evaluate();
  expect(await listTurns(scene)).toEqual([]);
  await liftRestriction(database.knex, id, { reason: 'It was wrong.', origin }, TODAY);
  await scene.evaluate();
  expect(await listTurns(scene)).toHaveLength(1);
});

test('every rollout under way of what a restriction is about is named, however many there are', async () => {
  const { releaseId, versionId } = await rollOut('many-plugin');
  const { knex } = database;
  await knex.raw(
    `insert into versions select copy.* from versions, generate_series(1, 450) as n, jsonb_populate_record(versions,
       jsonb_build_object('id', 'many-plugin@2.0.' || n, 'version', '2.0.' || n)) as copy where versions.id = ?`,
    [versionId],
  );
  await knex.raw(
    `insert into releases select copy.* from releases, generate_series(1, 450) as n, jsonb_populate_record(releases,
       jsonb_build_object('id', gen_random_uuid(), 'publish_request_id', gen_random_uuid(),
         'version_id', 'many-plugin@2.0.' || n)) as copy where releases.id = ?`,
    [releaseId],
  );
  const named: string[] = [];
  const subject = { subjectKind: 'plugin', subjectId: 'many-plugin' } as const;
  for await (const each of listRunningRollouts(database.api, subject)) named.push(each.versionId);
  expect(new Set(named).size).toBe(451);
  expect(named).toHaveLength(451);
});
