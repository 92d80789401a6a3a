import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { addReviewInfo, alertSla, openReview } from '../../../../adapters/db/reviews/reviews';
import { takeCommand, writeCommand } from '../../../../adapters/db/rollouts/commands';
import { changeState, type Transition } from '../../../../adapters/db/releases/transitions';
import { DAY } from '../../../../core/duration';
import { addPublisher } from '../../../support/builders/identities';
import { origin, createSubmission, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;
let releaseId: string;
let count = 0;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
});

beforeEach(async () => {
  const input = createSubmission({ pluginId: `moving-${(count += 1)}` });
  ({ releaseId } = (
    await registerSubmission(database.worker, input, { slaMs: 1000, uploadTimeoutMs: DAY }, TODAY)
  ).release);
});

const move = (from: Transition['from'], to: Transition['to']) =>
  changeState(database.worker, { ...origin, releaseId, from, to }, TODAY);

/** An operator's command, taken later than the pauses of these tests. */
async function resume(): Promise<void> {
  const command = { releaseId, commandId: randomUUID(), action: 'resume' as const };
  await db.transaction((trx) => writeCommand(trx, { ...command, ...origin }, TODAY));
  await takeCommand(database.worker, command, TODAY);
}

const transitions = () =>
  db('release_transitions').where({ release_id: releaseId }).orderBy('seq').select('from_state', 'to_state');

test('a transition that is retried, even in parallel, is in the table once', async () => {
  await Promise.all(Array.from({ length: 10 }, () => move('uploading', 'scanning')));
  await move('uploading', 'scanning');
  expect(await transitions()).toEqual([
    { from_state: 'draft', to_state: 'uploading' },
    { from_state: 'uploading', to_state: 'scanning' },
  ]);
  const lines = await db('timeline').where({ release_id: releaseId }).orderBy('seq').pluck('seq');
  expect(lines).toEqual([1, 2]);
  expect(await db('audit').whereRaw(`data->>'releaseId' = ?`, [releaseId])).toHaveLength(2);
});

test('a release in another state, or a change that the table of states does not know, is refused', async () => {
  await expect(move('scanning', 'in_review')).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  await expect(move('uploading', 'completed')).rejects.toMatchObject({ code: 'RELEASE_STATE' });
  expect(await transitions()).toHaveLength(1);
});

test('a release is approved, listed or completed only where decision, catalogue and rollout say so', async () => {
  for (const [from, to] of [
    ['in_review', 'approved'],
    ['scheduled', 'listed'],
    ['rolling_out', 'completed'],
  ] as const) {
    await db('releases').where({ id: releaseId }).update({ state: from });
    await expect(move(from, to)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
  }
  expect(await transitions()).toHaveLength(1);
});

test('a rollout may be paused and resumed any number of times, each time on record', async () => {
  await db('releases').where({ id: releaseId }).update({ state: 'rolling_out' });
  for (let turn = 0; turn < 3; turn += 1) {
    await move('rolling_out', 'paused');
    await expect(move('paused', 'rolling_out')).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    await resume();
    await move('paused', 'rolling_out');
    await db('rollout_commands').where({ release_id: releaseId }).delete();
  }
  expect(await transitions()).toHaveLength(7);
});

test('lines that are written in parallel count without gaps, and wake who listens', async () => {
  const listener = (await db.client.acquireRawConnection()) as {
    query(sql: string): Promise<unknown>;
    on(event: 'notification', heard: (message: { payload?: string }) => void): void;
    end(): Promise<void>;
  };
  const heard: (string | undefined)[] = [];
  listener.on('notification', ({ payload }) => heard.push(payload));
  await listener.query('listen spillway_timeline');
  await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      addReviewInfo(
        db,
        { releaseId, info: `Note ${index}`, links: [], origin: { actor: 'acme', requestId: `r-${index}` } },
        TODAY,
      ),
    ),
  );
  const seqs = await db('timeline').where({ release_id: releaseId }).orderBy('seq').pluck('seq');
  expect(seqs).toEqual(Array.from({ length: 13 }, (_, index) => index + 1));
  await listener.query('select 1');
  await listener.end();
  expect(heard).toHaveLength(12);
  expect(new Set(heard)).toEqual(new Set([releaseId]));
});

test('a line is never older than the one before it, whenever its writer began', async () => {
  const after = (ms: number) => new Date(TODAY.getTime() + ms);
  const note = (info: string, now: Date) =>
    addReviewInfo(database.api, { releaseId, info, links: [], origin: { ...origin, requestId: info } }, now);
  await note('began second, wrote first', after(50));
  await note('began first, wrote second', after(20));
  await changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: 'scanning' }, after(10));
  await note('later', after(60));
  const times: Date[] = await db('timeline').where({ release_id: releaseId }).orderBy('seq').pluck('at');
  expect(times).toEqual([0, 50, 50, 50, 60].map(after));
});

test('an SLA level that is alerted twice is one line and one message [REV-18]', async () => {
  await openReview(database.worker, { releaseId, slaMs: 1000 }, TODAY);
  await alertSla(database.worker, { releaseId, level: 1 }, TODAY);
  await alertSla(database.worker, { releaseId, level: 1 }, TODAY);
  const messages = db('outbox').where({ release_id: releaseId });
  expect(await messages.select('recipient_kind', db.raw(`body->>'kind' as kind`))).toEqual([
    { recipient_kind: 'operator', kind: 'sla_breach' },
  ]);
  expect(await db('timeline').where({ release_id: releaseId, kind: 'sla' })).toHaveLength(1);
});
