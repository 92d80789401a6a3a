import { MINUTE } from '../../../../core/duration';
import { addPublisher, addTenants } from '../../../support/builders/identities';
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

const open = (pluginId: string, tenants: readonly string[] = all): Promise<OpinionScene> =>
  openOpinionScene(database, pluginId, tenants);

test('evaluations at once, and again and again, give one turn', async () => {
  const scene = await open('parallel-plugin');
  await scene.run(first, 'failed');
  await Promise.all(Array.from({ length: 8 }, () => scene.evaluate()));
  await scene.evaluate();
  await scene.findTurn();
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
  expect(await scene.readState()).toBeUndefined();
  expect(await scene.invited()).toEqual(others);
  await knex.raw('drop trigger break_off on feed');
  await scene.evaluate();
  await scene.findTurn();
  const turns = await knex('second_opinion_turns').where({ version_id: scene.versionId }).pluck('turn');
  expect(turns).toEqual([1]);
});

test('a tenant that does not answer, whether or not it took the package, makes room for the next in bounded time', async () => {
  const scene = await open('silent-plugin');
  await scene.run(first, 'failed');
  const { opinion } = await scene.evaluate();
  expect(opinion).toEqual({ state: 'asking', until: new Date(scene.now().getTime() + MINUTE).toISOString() });
  const silent = await scene.findTurn();
  scene.pass(MINUTE - 1);
  await scene.evaluate();
  expect(await scene.findTurn()).toBe(silent);
  scene.pass(1);
  await scene.evaluate();
  const next = await scene.findTurn();
  expect(next).not.toBe(silent);
  expect(await scene.take(silent)).toBe(false);
  expect(await scene.take(next)).toBe(true);
  scene.pass(MINUTE);
  await scene.evaluate();
  expect([silent, next]).not.toContain(await scene.findTurn());
});

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
  await scene.findTurn();
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
  expect(await scene.readState()).toBe('exhausted');
  const turns = database.knex('second_opinion_turns').where({ version_id: scene.versionId });
  expect(await turns.pluck('turn')).toHaveLength(20);
});
