import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { changeState } from '../../../../adapters/db/releases/transitions';
import { withdrawAsAsked, writeWithdrawal } from '../../../../adapters/db/releases/withdrawals';
import { listApproved } from '../../../../adapters/db/reviews/listing';
import { listReviews } from '../../../../adapters/db/reviews/queue';
import { openReview } from '../../../../adapters/db/reviews/reviews';
import { DAY } from '../../../../core/duration';
import { addPublisher } from '../../../support/builders/identities';
import { listVersion } from '../../../support/builders/listed';
import { origin, createSubmission, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;
let releaseId: string;
let versionId: string;
let count = 0;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
});

beforeEach(async () => {
  const input = createSubmission({ pluginId: `leaving-${(count += 1)}` });
  const timings = { slaMs: 1000, uploadTimeoutMs: DAY };
  ({ releaseId, versionId } = (await registerSubmission(database.worker, input, timings, TODAY)).release);
});

const by = { actor: 'publisher:acme', requestId: 'request-9' };
const ask = (reason?: string) => writeWithdrawal(database.api, { releaseId, reason }, by, TODAY);
const withdraw = () => withdrawAsAsked(database.worker, releaseId, TODAY);
const setState = (state: string) => db('releases').where({ id: releaseId }).update({ state });

test('nothing is withdrawn that nobody asked for', async () => {
  expect(await withdraw()).toMatchObject({ outcome: 'refused', problems: [{ code: 'RELEASE_STATE' }] });
  expect(await db('releases').where({ id: releaseId }).first('state')).toEqual({ state: 'uploading' });
});

test('a release is withdrawn once, from the state that it is in, with who asked, why and an audit', async () => {
  await setState('scanning');
  await ask('The wrong build.');
  await ask('Another reason.');
  expect(await withdraw()).toMatchObject({ outcome: 'withdrawn', from: 'scanning' });
  expect(await withdraw()).toMatchObject({ outcome: 'withdrawn', from: 'withdrawn' });
  const reason = 'publisher:acme asked for it: “The wrong build.”';
  expect(
    await db('release_transitions').where({ release_id: releaseId, to_state: 'withdrawn' }),
  ).toMatchObject([{ from_state: 'scanning', actor: by.actor, request_id: by.requestId, reason }]);
  const said = await db('timeline').where({ release_id: releaseId }).orderBy('seq', 'desc').first('text');
  expect(said?.text).toBe(`The release was withdrawn: ${reason}`);
  expect(await db('audit').where({ subject: versionId, to_state: 'withdrawn' })).toMatchObject([
    { actor: by.actor, request_id: by.requestId },
  ]);
});

test('whatever step was under way then finds another state, and changes nothing', async () => {
  await ask();
  await withdraw();
  await expect(
    changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: 'scanning' }, TODAY),
  ).rejects.toMatchObject({ code: 'RELEASE_STATE' });
});

test('what was listed meanwhile stays listed', async () => {
  await setState('scheduled');
  await ask();
  await db('versions').where({ id: versionId }).update({ listed_at: TODAY });
  expect(await withdraw()).toMatchObject({ outcome: 'refused', problems: [{ code: 'RELEASE_STATE' }] });
});

test('what its publisher asked to withdraw is withdrawn instead of listed, though no message arrived', async () => {
  const listed = await listVersion(db, { pluginId: `leaving-unheard-${count}`, isListed: false });
  ({ releaseId, versionId } = listed);
  await setState('scheduled');
  await ask('The wrong build.');
  const list = () => listApproved(database.worker, { releaseId, requestId: 'request-7' }, [], TODAY);
  expect(await list()).toEqual({ withdrawn: true });
  expect(await list()).toEqual({ withdrawn: true });
  expect(await db('versions').where({ id: versionId }).first('listed_at')).toEqual({ listed_at: null });
  const ends = db('release_transitions').where({ release_id: releaseId, to_state: 'withdrawn' });
  expect(await ends).toMatchObject([{ from_state: 'scheduled', actor: by.actor, request_id: by.requestId }]);
});

test('a review whose release was withdrawn leaves the queue, and others stay', async () => {
  await setState('in_review');
  await openReview(database.worker, { releaseId, slaMs: 1000 }, TODAY);
  const queued = async () =>
    (await listReviews(database.api, 'open', { limit: 100 })).rows.map((entry) => entry.versionId);
  expect(await queued()).toContain(versionId);
  await ask();
  await withdraw();
  expect(await queued()).not.toContain(versionId);
});
