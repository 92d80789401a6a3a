import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { findPreviousVersion, listVersion } from '../../../../adapters/db/releases/releases';
import { closeRollback, withdrawOffer } from '../../../../adapters/db/rollouts/rollback';
import {
  completeRollout,
  endStage,
  startStage,
  type RecordedOrder,
} from '../../../../adapters/db/rollouts/rollouts';
import { recordRolloutEvent } from '../../../../adapters/db/rollouts/events';
import { isOffered } from '../../../../core/rollouts/cohort';
import { describeEvent, describeSteering } from '../../../../core/rollouts/events';
import { describeStageEnd } from '../../../../core/rollouts/timeline';
import { defaultGate } from '../../../../core/releases/rolloutPlan';
import { DAY } from '../../../../core/duration';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { origin, createSubmission, TODAY } from '../../../support/builders/submission';
import { completeUpload } from '../../../support/builders/uploads';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;
const tenants = Array.from({ length: 60 }, (_, index) => `tenant-${index}`);

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
  await addTenants(database.knex, tenants);
});

async function createOrder(
  pluginId: string,
  over: Partial<RecordedOrder['plan']> = {},
): Promise<RecordedOrder> {
  const { release } = await registerSubmission(
    database.worker,
    createSubmission({ pluginId }),
    { slaMs: 1000, uploadTimeoutMs: DAY },
    TODAY,
  );
  await completeUpload(database.worker, release);
  const stages = [
    { basisPoints: 4_000, durationMs: 6_000 },
    { basisPoints: 10_000, durationMs: 1_000 },
  ];
  const plan = { type: 'gradual' as const, stages, gate: defaultGate, allow: [], deny: [], ...over };
  return { ...release, origin, salt: release.releaseId, previousVersion: '0.9.0', plan };
}

test('a stage that is started again and again is one offer, one line and one row', async () => {
  const facts = await createOrder('once-plugin');
  const first = await startStage(database.worker, facts, 1, TODAY);
  const later = new Date(TODAY.getTime() + 5000);
  expect(await startStage(database.worker, facts, 1, later)).toEqual(first);
  expect(
    await db('feed')
      .where({ version_id: facts.versionId })
      .select('kind', 'stage', 'rule', 'previous_version'),
  ).toEqual([
    {
      kind: 'offer',
      stage: 1,
      previous_version: '0.9.0',
      rule: { salt: facts.salt, basisPoints: 4000, allow: [], deny: [] },
    },
  ]);
  expect(
    await db('rollouts')
      .where({ version_id: facts.versionId })
      .first('basis_points', 'stage', 'state', 'stage_ends_at'),
  ).toEqual({
    basis_points: 4000,
    stage: 1,
    state: 'active',
    stage_ends_at: new Date(TODAY.getTime() + 6000),
  });
  expect(await db('audit').where({ subject: facts.versionId, action: 'rollout.stage' })).toHaveLength(1);
});

test('a cohort counts the subscribers whom the stage adds and who upgrade by themselves [RLO-15]', async () => {
  const [allowed, denied, byHand] = ['tenant-1', 'tenant-2', 'tenant-3'];
  const facts = await createOrder('cohort-plugin', { allow: [allowed!], deny: [denied!] });
  await subscribe(database.api, tenants, 'cohort-plugin');
  await subscribe(database.api, [byHand!], 'cohort-plugin', false);
  const rule = (basisPoints: number) => ({
    salt: facts.salt,
    basisPoints,
    allow: [allowed!],
    deny: [denied!],
  });
  const inFirst = tenants.filter((id) => id !== byHand && isOffered(rule(4000), id));
  const { cohort } = await startStage(database.worker, facts, 1, TODAY);
  expect(cohort).toBe(inFirst.length);
  expect((await startStage(database.worker, facts, 2, TODAY)).cohort).toBe(
    tenants.length - 2 - inFirst.length,
  );
});

test('revisions that are handed out in parallel are never seen out of order', async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, (_, index) => createOrder(`order-${index}-plugin`)),
  );
  const reading = { seen: 0, counted: 0, done: false };
  const read = async (): Promise<void> => {
    const revisions: number[] = await db('feed')
      .where('revision', '>', reading.seen)
      .orderBy('revision')
      .pluck('revision');
    // Whatever appears below the mark was missed by a host that had read up to it.
    const [below] = await db('feed')
      .where('revision', '<=', reading.seen)
      .count<{ count: number }[]>('* as count');
    expect(below?.count).toBe(reading.counted);
    reading.counted += revisions.length;
    reading.seen = revisions.at(-1) ?? reading.seen;
    if (!reading.done) return read();
  };
  reading.counted = (await db('feed').count<{ count: number }[]>('* as count'))[0]?.count ?? 0;
  reading.seen = (await db('feed').max<{ seen: number }[]>('revision as seen'))[0]?.seen ?? 0;
  const reader = read();
  await Promise.all(all.map((facts) => startStage(database.worker, facts, 1, TODAY)));
  reading.done = true;
  await reader;
  await read();
  expect(
    await db('feed').whereIn(
      'version_id',
      all.map(({ versionId }) => versionId),
    ),
  ).toHaveLength(12);
});

test('pausing, resuming and aborting are each on record, with an audit row [RLO-24]', async () => {
  const facts = await createOrder('steered-plugin');
  await startStage(database.worker, facts, 1, TODAY);
  const { releaseId, versionId } = facts;
  const state = () =>
    db('rollouts')
      .where({ version_id: versionId })
      .first('state')
      .then((row) => row?.state);
  const record = (kind: 'rollout_paused' | 'rollout_resumed' | 'rollout_aborted', sequence: number) => {
    const text = describeSteering(kind, 'ops');
    const entry = describeEvent({ kind, stage: 1, text, actor: 'ops', sequence });
    const origin = { actor: 'ops', requestId: `r${sequence}` };
    return recordRolloutEvent(db, { releaseId, versionId, stage: 1, kind, entry, origin }, TODAY);
  };
  await record('rollout_paused', 1);
  expect(await state()).toBe('paused');
  await record('rollout_resumed', 2);
  await record('rollout_paused', 1);
  expect(await state()).toBe('active');
  await record('rollout_aborted', 3);
  expect(await db('audit').where({ subject: versionId, actor: 'ops' }).orderBy('id').pluck('action')).toEqual(
    ['rollout.paused', 'rollout.resumed', 'rollout.aborted'],
  );
});

test('a completed rollout offers the version to everyone without an end', async () => {
  const facts = await createOrder('done-plugin');
  await startStage(database.worker, facts, 1, TODAY);
  const judged = { stage: 1, verdict: 'pass' as const };
  const entry = describeStageEnd({ ...judged, text: 'Stage 1 passed.' });
  await endStage(database.worker, { ...facts, ...judged, entry }, TODAY);
  await startStage(database.worker, facts, 2, TODAY);
  await completeRollout(database.worker, facts, TODAY);
  await completeRollout(database.worker, facts, TODAY);
  const row = db('rollouts').where({ version_id: facts.versionId });
  expect(await row.first('state', 'basis_points', 'stage_ends_at')).toEqual({
    state: 'completed',
    basis_points: 10_000,
    stage_ends_at: null,
  });
  expect(
    await db('rollout_stages').where({ version_id: facts.versionId, stage: 1 }).first('verdict'),
  ).toEqual({ verdict: 'pass' });
});

test('taking a version back ends the offer, the listing and the rollout, each once', async () => {
  const facts = await createOrder('bad-plugin');
  await listVersion(database.worker, facts, TODAY);
  await startStage(database.worker, facts, 1, TODAY);
  const why = { stage: 1, reason: 'Stage 1 failed.', origin };
  await withdrawOffer(database.worker, facts, why, TODAY);
  await withdrawOffer(database.worker, facts, why, TODAY);
  await closeRollback(database.worker, facts, 0, TODAY);
  await closeRollback(database.worker, facts, 0, TODAY);
  expect(await db('feed').where({ version_id: facts.versionId }).orderBy('revision').pluck('kind')).toEqual([
    'offer',
    'withdraw',
  ]);
  expect(await db('rollouts').where({ version_id: facts.versionId }).first('state', 'basis_points')).toEqual({
    state: 'rolled_back',
    basis_points: 0,
  });
  expect(await db('versions').where({ id: facts.versionId }).first('withdrawn_at')).toEqual({
    withdrawn_at: TODAY,
  });
  const kinds = await db('timeline').where({ release_id: facts.releaseId }).orderBy('seq').pluck('kind');
  expect(kinds.slice(-2)).toEqual(['offer_withdrawn', 'rolled_back_everywhere']);
});

test('tenants return to the newest listed version before the one that is taken back', async () => {
  const pluginId = 'history-plugin';
  for (const version of ['1.0.0', '1.1.0', '1.2.0', '1.3.0']) {
    const { release } = await registerSubmission(
      database.worker,
      createSubmission({ pluginId, version }),
      { slaMs: 1, uploadTimeoutMs: DAY },
      TODAY,
    );
    await completeUpload(database.worker, release);
    if (version !== '1.3.0') await listVersion(database.worker, { ...release, origin }, TODAY);
  }
  await db('versions')
    .where({ id: `${pluginId}@1.1.0` })
    .update({ withdrawn_at: TODAY });
  expect(await findPreviousVersion(database.worker, { pluginId, channel: 'stable', version: '1.2.0' })).toBe(
    '1.0.0',
  );
  expect(
    await findPreviousVersion(database.worker, { pluginId, channel: 'stable', version: '1.0.0' }),
  ).toBeNull();
});
