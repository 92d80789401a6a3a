import { putSubscription } from '../../../../adapters/db/notifications/subscriptions';
import { recordRolloutEvent } from '../../../../adapters/db/rollouts/events';
import { findFailed } from '../../../../adapters/db/rollouts/opinionFacts';
import { withdrawOffer } from '../../../../adapters/db/rollouts/rollback';
import { MINUTE } from '../../../../core/duration';
import { describeEvent, type RolloutEventKind } from '../../../../core/rollouts/events';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { origin } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';
import { until } from '../../../support/waiting';
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

/** The only tenant that is invited; it fails where it is not the only one. */
async function findTurn(scene: OpinionScene): Promise<string> {
  const invited = await scene.invited();
  expect(invited).toHaveLength(1);
  return invited[0]!;
}

const readState = async ({ versionId }: OpinionScene) =>
  (await database.knex('second_opinions').where({ version_id: versionId }).first('state'))?.state;

test('one failure among few gives the version to exactly one further tenant at a time; three successes open it again and tell operators of the first', async () => {
  const scene = await open('settled-plugin');
  expect(await scene.invited()).toEqual(all);
  await scene.run(first, 'failed');
  const asked: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await scene.judge()).toBe('second_opinion');
    expect(await scene.judge()).toBe('second_opinion');
    asked.push(await findTurn(scene));
    const stranger = others.find((id) => !asked.includes(id))!;
    expect(await scene.take(stranger)).toBe(false);
    await scene.run(asked.at(-1)!, 'installed');
  }
  expect(new Set(asked).size).toBe(3);
  expect(await scene.judge()).toBe('inconclusive');
  expect(await readState(scene)).toBe('settled');
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
  const turn = await findTurn(scene);
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
    { kind: 'offer', narrowed: true, turn: await findTurn(scene) },
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
  await scene.run(await findTurn(scene), 'failed');
  expect(await scene.judge()).toBe('fail');
  expect(await scene.invited()).toEqual([]);
});

test('evaluations at once, and again and again, give one turn', async () => {
  const scene = await open('parallel-plugin');
  await scene.run(first, 'failed');
  await Promise.all(Array.from({ length: 8 }, () => scene.evaluate()));
  await scene.evaluate();
  await findTurn(scene);
  const { knex } = database;
  expect(await knex('second_opinion_turns').where({ version_id: scene.versionId })).toHaveLength(1);
  const entries = knex('timeline').where({ release_id: scene.order.releaseId, kind: 'stage_held' });
  expect(await entries.orderBy('seq').pluck('key')).toEqual([
    'second_opinion:opened',
    'second_opinion:turn:1',
  ]);
});

test('an evaluation that breaks off in the middle leaves nothing of a turn behind, and the next one gives it', async () => {
  const scene = await open('broken-plugin');
  await scene.run(first, 'failed');
  const { knex } = database;
  await knex.raw(
    `create function break_off() returns trigger as $$ begin raise 'broken off'; end $$ language plpgsql`,
  );
  await knex.raw(
    'create trigger break_off before insert on feed for each row when (new.turn_tenant is not null) execute function break_off()',
  );
  await expect(scene.evaluate()).rejects.toThrow('broken off');
  expect(await readState(scene)).toBeUndefined();
  expect(await scene.invited()).toEqual(others);
  await knex.raw('drop trigger break_off on feed');
  await scene.evaluate();
  await findTurn(scene);
  const turns = await knex('second_opinion_turns').where({ version_id: scene.versionId }).pluck('turn');
  expect(turns).toEqual([1]);
});

test('a tenant that does not answer, whether or not it took the package, makes room for the next in bounded time', async () => {
  const scene = await open('silent-plugin');
  await scene.run(first, 'failed');
  const { opinion } = await scene.evaluate();
  expect(opinion).toEqual({ state: 'asking', until: new Date(scene.now().getTime() + MINUTE).toISOString() });
  const silent = await findTurn(scene);
  scene.pass(MINUTE - 1);
  await scene.evaluate();
  expect(await findTurn(scene)).toBe(silent);
  scene.pass(1);
  await scene.evaluate();
  const next = await findTurn(scene);
  expect(next).not.toBe(silent);
  expect(await scene.take(silent)).toBe(false);
  expect(await scene.take(next)).toBe(true);
  scene.pass(MINUTE);
  await scene.evaluate();
  expect([silent, next]).not.toContain(await findTurn(scene));
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
  expect(await readState(scene)).toBe('settled');
});

test('tenants that are denied, upgrade by hand or follow another channel are never asked', async () => {
  const [denied, byHand, beta, asked] = others as [string, string, string, string];
  const scene = await open('denied-plugin', [first, denied, asked], { deny: [denied] });
  await subscribe(database.api, [byHand], 'denied-plugin', false);
  const elsewhere = { channel: 'beta', autoUpgrade: true } as const;
  await putSubscription(database.api, beta, 'denied-plugin', elsewhere, scene.now());
  await scene.run(first, 'failed');
  await scene.evaluate();
  expect(await findTurn(scene)).toBe(asked);
  scene.pass(MINUTE);
  expect(await scene.judge()).toBe('fail');
  expect(await readState(scene)).toBe('exhausted');
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
  expect(await readState(three)).toBe('settled');
});

test('a rollout that is paused or taken back asks nobody', async () => {
  const paused = await open('paused-plugin');
  await paused.run(first, 'failed');
  await record(paused, 'rollout_paused');
  await paused.evaluate();
  expect(await readState(paused)).toBeUndefined();
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

test('a turn is given by the feed first and then on the timeline, as all others lock them', async () => {
  const scene = await open('ordered-plugin');
  await scene.run(first, 'failed');
  const { knex } = database;
  const evaluated = await knex.transaction(async (trx) => {
    await trx('feed_head').forUpdate().first('revision');
    const evaluation = scene.evaluate();
    await until('an evaluation that waits for the feed', async () => {
      const waiting = await knex.raw<{ rows: unknown[] }>(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.rows.length > 0;
    });
    await trx('releases').where({ id: scene.order.releaseId }).forNoKeyUpdate().noWait().first('id');
    return { evaluation };
  });
  await evaluated.evaluation;
  await findTurn(scene);
});

test('twenty silent tenants are asked at most, then an operator is', async () => {
  const many = Array.from({ length: 25 }, (_, index) => `quiet-${index}`);
  await addTenants(database.knex, many);
  const well = others.slice(0, 2);
  const scene = await open('quiet-plugin', [first, ...well, ...many]);
  for (const id of well) await scene.run(id, 'installed');
  await scene.run(first, 'failed');
  for (let turn = 0; turn <= 20; turn += 1) {
    await scene.evaluate();
    scene.pass(MINUTE);
  }
  expect(await readState(scene)).toBe('exhausted');
  const turns = database.knex('second_opinion_turns').where({ version_id: scene.versionId });
  expect(await turns.pluck('turn')).toHaveLength(20);
});
