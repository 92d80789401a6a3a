import { putSubscription } from '../../../../adapters/db/notifications/subscriptions';
import { recordRolloutEvent } from '../../../../adapters/db/rollouts/events';
import { findFailed } from '../../../../adapters/db/rollouts/opinionFacts';
import { withdrawOffer } from '../../../../adapters/db/rollouts/rollback';
import { MINUTE } from '../../../../core/duration';
import { describeEvent, type RolloutEventKind } from '../../../../core/rollouts/events';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { origin } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';
import { openOpinionScene, type OpinionScene } from './support/opinionScene';

const database = useDatabase();
const all = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
const [first = '', ...others] = all;

beforeAll(async () => {
  await addPublisher(database.knex);
  await addTenants(database.knex, all);
});

const open = (pluginId: string, tenants: readonly string[] = all, over = {}): Promise<OpinionScene> =>
  openOpinionScene(database, pluginId, tenants, over);

test('one failure among few gives the version to exactly one further tenant at a time; three successes open it again and tell operators of the first', async () => {
  const scene = await open('settled-plugin');
  expect(await scene.invited()).toEqual(all);
  await scene.run(first, 'failed');
  const asked: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await scene.judge()).toBe('second_opinion');
    expect(await scene.judge()).toBe('second_opinion');
    asked.push(await scene.findTurn());
    const stranger = others.find((id) => !asked.includes(id))!;
    expect(await scene.take(stranger)).toBe(false);
    await scene.run(asked.at(-1)!, 'installed');
  }
  expect(new Set(asked).size).toBe(3);
  expect(await scene.judge()).toBe('inconclusive');
  expect(await scene.readState()).toBe('settled');
  expect(await scene.invited()).toEqual(others.filter((id) => !asked.includes(id)));
  const told = await database
    .knex('outbox')
    .where({ release_id: scene.order.releaseId })
    .whereRaw(`body->>'kind' = 'second_opinion'`)
    .select('recipient_kind', { title: database.knex.raw(`body->>'title'`) });
  expect(told).toEqual([
    { recipient_kind: 'operator', title: `settled-plugin 1.0.0 failed at ${first} alone` },
  ]);
});

test('each turn is an entry of the feed, so that hosts notice; who has the version keeps it, and may fetch it again', async () => {
  const scene = await open('noticed-plugin');
  await scene.run(others[0]!, 'installed');
  await scene.run(first, 'failed');
  await scene.evaluate();
  const turn = await scene.findTurn();
  await scene.run(turn, 'installed');
  await scene.evaluate();
  const entries = await database
    .knex('feed')
    .where({ version_id: scene.versionId })
    .orderBy('revision')
    .select('kind', 'narrowed', { turn: 'turn_tenant' });
  expect(entries).toEqual([
    { kind: 'offer', narrowed: false, turn: null },
    { kind: 'offer', narrowed: true, turn: null },
    { kind: 'offer', narrowed: true, turn },
    { kind: 'offer', narrowed: true, turn: await scene.findTurn() },
  ]);
  expect(await scene.take(others[0]!)).toBe(true);
  expect(await scene.take(first)).toBe(true);
});

test('of several tenants that failed the first is the one whose report arrived first', async () => {
  const scene = await open('several-plugin');
  for (const tenantId of all) await scene.take(tenantId);
  for (const tenantId of all) {
    // Rows come in another order than the moments that they name, as those of several processes do.
    scene.pass(-1);
    await scene.run(tenantId, 'failed');
  }
  expect(await findFailed(database.worker, scene.versionId)).toBe(all.at(-1));
});

test('a second failure is a fail, and nobody is asked any more', async () => {
  const scene = await open('condemned-plugin');
  await scene.run(first, 'failed');
  await scene.evaluate();
  await scene.run(await scene.findTurn(), 'failed');
  expect(await scene.judge()).toBe('fail');
  expect(await scene.invited()).toEqual([]);
});

test('tenants that were handed the package before are waited for, and count as further ones', async () => {
  const scene = await open('ahead-plugin');
  const ahead = others.slice(0, 3);
  for (const tenantId of ahead) await scene.take(tenantId);
  await scene.run(first, 'failed');
  await scene.evaluate();
  expect(await scene.invited()).toEqual([]);
  for (const tenantId of ahead) await scene.run(tenantId, 'installed');
  await scene.evaluate();
  expect(await scene.readState()).toBe('settled');
});

test('tenants that are denied, upgrade by hand or follow another channel are never asked', async () => {
  const [denied, byHand, beta, asked] = others as [string, string, string, string];
  const scene = await open('denied-plugin', [first, denied, asked], { deny: [denied] });
  await subscribe(database.api, [byHand], 'denied-plugin', false);
  const elsewhere = { channel: 'beta', autoUpgrade: true } as const;
  await putSubscription(database.api, beta, 'denied-plugin', elsewhere, scene.now());
  await scene.run(first, 'failed');
  await scene.evaluate();
  expect(await scene.findTurn()).toBe(asked);
  scene.pass(MINUTE);
  expect(await scene.judge()).toBe('fail');
  expect(await scene.readState()).toBe('exhausted');
});

test('with nobody left, half of the results failed is a fail, and fewer are for an operator, who settles it by resuming', async () => {
  const two = await open('half-plugin', all.slice(0, 2));
  await two.run(others[0]!, 'installed');
  await two.run(first, 'failed');
  expect(await two.judge()).toBe('fail');
  const three = await open('third-plugin', all.slice(0, 3));
  for (const id of others.slice(0, 2)) await three.run(id, 'installed');
  await three.run(first, 'failed');
  expect(await three.judge()).toBe('second_opinion');
  expect(await three.evaluate()).toMatchObject({ opinion: { state: 'exhausted' } });
  three.pass(MINUTE);
  await database.knex('rollout_commands').insert({
    ...{ id: three.order.releaseId, release_id: three.order.releaseId, action: 'resume', actor: 'olga' },
    ...{ request_id: 'r', given_at: three.now(), expires_at: three.now(), taken_at: three.now() },
  });
  expect(await three.judge()).toBe('pass');
  expect(await three.readState()).toBe('settled');
});

test('a rollout that is paused or taken back asks nobody', async () => {
  const paused = await open('paused-plugin');
  await paused.run(first, 'failed');
  await record(paused, 'rollout_paused');
  await paused.evaluate();
  expect(await paused.readState()).toBeUndefined();
  const withdrawn = await open('withdrawn-plugin');
  await withdrawn.run(first, 'failed');
  await withdrawn.evaluate();
  const why = { stage: 1, reason: 'Aborted.', origin };
  await withdrawOffer(database.worker, withdrawn.order, why, withdrawn.now());
  withdrawn.pass(MINUTE);
  await withdrawn.evaluate();
  expect(await withdrawn.invited()).toEqual([]);
});

const record = async ({ order, now }: OpinionScene, kind: RolloutEventKind): Promise<void> => {
  const entry = describeEvent({ kind, stage: 1, text: 'Paused.', actor: 'olga', sequence: 1 });
  await recordRolloutEvent(database.worker, { ...order, stage: 1, kind, entry, origin }, now());
};
