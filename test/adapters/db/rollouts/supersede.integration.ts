import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { takeCommand, writeCommand } from '../../../../adapters/db/rollouts/commands';
import { COMMAND_LIFETIME_MS } from '../../../../core/rollouts/commands';
import { listApproved } from '../../../../adapters/db/reviews/listing';
import { changeState } from '../../../../adapters/db/releases/transitions';
import { imposeRestriction } from '../../../../adapters/db/rollouts/restricting';
import { supersedeRollout } from '../../../../adapters/db/rollouts/supersede';
import { PLATFORM } from '../../../../core/ids';
import type { ReleaseState } from '../../../../core/releases/state';
import { addPublisher } from '../../../support/builders/identities';
import { listVersion, type Listed } from '../../../support/builders/listed';
import { origin, TODAY } from '../../../support/builders/submission';
import { until } from '../../../support/waiting';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let pluginId: string;
let count = 0;

beforeAll(() => addPublisher(database.knex));
beforeEach(() => (pluginId = `superseded-${(count += 1)}`));

const add = (version: string, isListed = true) => listVersion(database.knex, { pluginId, version, isListed });
const setState = ({ releaseId }: Listed, state: ReleaseState) =>
  database.knex('releases').where({ id: releaseId }).update({ state });
const readState = async ({ releaseId, versionId }: Listed) => [
  (await database.knex('releases').where({ id: releaseId }).first('state'))?.state,
  (await database.knex('rollouts').where({ version_id: versionId }).first('state'))?.state,
];
const supersede = ({ releaseId }: Listed) =>
  supersedeRollout(database.worker, { releaseId, requestId: 'request-7' }, TODAY);
const list = ({ releaseId }: Listed) =>
  listApproved(database.worker, { releaseId, requestId: 'request-7' }, [], TODAY);
const pauseBy = ({ releaseId }: Listed, actor: string) =>
  changeState(
    database.worker,
    { releaseId, from: 'rolling_out', to: 'paused', actor, requestId: 'request-8' },
    TODAY,
  );

async function addWaiting(version: string): Promise<Listed> {
  const older = await add(version, false);
  await setState(older, 'scheduled');
  return older;
}

test('a version is not listed once a newer one of its channel is, and only then', async () => {
  await add('0.9.0');
  const older = await addWaiting('1.0.0');
  const newer = await add('1.1.0');
  expect(await list(older)).toEqual({ successor: '1.1.0' });
  expect(await database.knex('versions').where({ id: older.versionId }).first('listed_at')).toEqual({
    listed_at: null,
  });
  await database.knex('versions').where({ id: newer.versionId }).update({ channel: 'beta' });
  expect(await list(older)).toBeUndefined();
});

test.each([
  ['was taken back', (id: string) => database.knex('versions').where({ id }).update({ withdrawn_at: TODAY })],
  [
    'is withheld by a restriction',
    (id: string) =>
      imposeRestriction(
        database.api,
        {
          ...{ kind: 'quarantine', subjectKind: 'version', subjectId: id, publisherId: 'acme' },
          ...{ reason: 'A report.', expiresAt: null, cause: 'decision' },
        },
        origin,
        TODAY,
      ),
  ],
])('a newer version that %s takes nobody’s place', async (_, takeAway) => {
  const older = await addWaiting('1.0.0');
  const newer = await add('1.1.0');
  await takeAway(newer.versionId);
  expect(await list(older)).toBeUndefined();
});

test('a rollout that paused by itself ends when a newer version is complete, once, with the reason on record', async () => {
  const older = await add('1.0.0');
  const newer = await add('1.1.0');
  await pauseBy(older, PLATFORM);
  expect(await supersede(older)).toBeUndefined();
  await setState(newer, 'completed');
  const told = [expect.objectContaining({ code: 'VERSION_SUPERSEDED' })];
  expect(await supersede(older)).toEqual(told);
  expect(await supersede(older)).toEqual(told);
  expect(await readState(older)).toEqual(['superseded', 'superseded']);
  const ends = database
    .knex('release_transitions')
    .where({ release_id: older.releaseId, to_state: 'superseded' });
  expect(await ends).toMatchObject([{ from_state: 'paused', actor: PLATFORM, request_id: 'request-7' }]);
  // Who has it keeps it, and may go on installing it.
  expect(await database.knex('versions').where({ id: older.versionId }).first('withdrawn_at')).toEqual({
    withdrawn_at: null,
  });
});

test('what an operator paused is an operator’s to end', async () => {
  const older = await add('1.0.0');
  await setState(await add('1.1.0'), 'completed');
  await pauseBy(older, 'operator:olga');
  expect(await supersede(older)).toBeUndefined();
  expect((await readState(older))[0]).toBe('paused');
});

/** A rollout that paused by itself while a newer version has completed its own, and an abort of it. */
async function addSuperseded() {
  const older = await add('1.0.0');
  await setState(await add('1.1.0'), 'completed');
  await pauseBy(older, PLATFORM);
  const command = { commandId: randomUUID(), releaseId: older.releaseId, action: 'abort' as const };
  const give = (trx: Knex.Transaction) =>
    writeCommand(trx, { ...command, ...origin, actor: 'operator:olga' }, TODAY);
  return { older, command, give };
}
const isBlocked = async () => {
  const waiting = await database.knex.raw<{ rows: unknown[] }>(
    `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
  );
  return waiting.rows.length > 0;
};

test('a rollout that an operator has asked to abort is not superseded, whether it has heard of it or not', async () => {
  const { older, command, give } = await addSuperseded();
  await database.knex.transaction(give);
  expect(await supersede(older)).toBeUndefined();
  const expired = new Date(TODAY.getTime() + COMMAND_LIFETIME_MS);
  await expect(takeCommand(database.worker, command, TODAY)).resolves.toMatchObject({
    outcome: 'taken',
    origin: { actor: 'operator:olga' },
  });
  const late = { releaseId: older.releaseId, requestId: 'request-7' };
  expect(await supersedeRollout(database.worker, late, expired)).toBeUndefined();
  expect((await readState(older))[0]).toBe('paused');
});

test('an abort that nobody took within its time holds nothing up', async () => {
  const { older, give } = await addSuperseded();
  await database.knex.transaction(give);
  const late = new Date(TODAY.getTime() + COMMAND_LIFETIME_MS);
  const asked = { releaseId: older.releaseId, requestId: 'request-7' };
  expect(await supersedeRollout(database.worker, asked, late)).toHaveLength(1);
});

test('an abort that is written at the moment of superseding is found by it', async () => {
  const { older, give } = await addSuperseded();
  const superseding = await database.knex.transaction(async (trx) => {
    await give(trx);
    const answer = supersede(older);
    await until('the lock', isBlocked);
    return { answer };
  });
  expect(await superseding.answer).toBeUndefined();
});

test('an operator who comes too late is told, and a command that was on its way is not taken', async () => {
  const { older, command, give } = await addSuperseded();
  const commandId = randomUUID();
  await supersede(older);
  await expect(database.knex.transaction(give)).rejects.toMatchObject({ code: 'ROLLOUT_NOT_ACTIVE' });
  const row = { id: commandId, release_id: older.releaseId, action: 'abort' as const, ...toRow() };
  await database.knex('rollout_commands').insert(row);
  expect(await takeCommand(database.worker, { ...command, commandId }, TODAY)).toMatchObject({
    outcome: 'refused',
    problems: [{ code: 'ROLLOUT_NOT_ACTIVE' }],
  });
});

const toRow = () => ({
  ...{ actor: 'operator:olga', request_id: 'request-9', given_at: TODAY },
  expires_at: new Date(TODAY.getTime() + COMMAND_LIFETIME_MS),
});

test('a message alone supersedes nothing: without a newer version the records refuse it', async () => {
  const older = await add('1.0.0');
  await expect(
    changeState(
      database.worker,
      { ...origin, releaseId: older.releaseId, from: 'rolling_out', to: 'superseded' },
      TODAY,
    ),
  ).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
});
