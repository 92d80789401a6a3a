import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import { revokeKey } from '../../../../adapters/db/identity/keys';
import { registerSubmission, type Registration } from '../../../../adapters/db/releases/register';
import { listVersion } from '../../../../adapters/db/releases/releases';
import { changeState } from '../../../../adapters/db/releases/transitions';
import type { Submission } from '../../../../contracts/releases/messages';
import type { PublishRequest } from '../../../../contracts/releases/publish';
import { Refusal } from '../../../../core/errors/errors';
import { DAY } from '../../../../core/duration';
import { addPublisher } from '../../../support/builders/identities';
import { createFingerprint } from '../../../support/builders/digests';
import { origin, createPublishRequest, createSubmission, TODAY } from '../../../support/builders/submission';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
let db: Knex;

beforeAll(async () => {
  db = database.knex;
  await addPublisher(database.knex);
  await addPublisher(database.knex, 'other');
});

const register = (input: Submission): Promise<Registration> =>
  registerSubmission(database.worker, input, { slaMs: 14_400_000, uploadTimeoutMs: DAY }, TODAY);

const catchCodes = async (attempt: Promise<unknown>): Promise<string[]> => {
  const error: unknown = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Refusal)) throw new Error(`No refusal: ${String(error)}`);
  return error.problems.map(({ code }) => code);
};

const unsigned = ({ artefact }: PublishRequest): PublishRequest['artefact'] => ({
  ...artefact,
  signedBy: undefined,
});

const end = (releaseId: string) =>
  changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: 'expired' }, TODAY);

const selectReleases = (pluginId: string) =>
  db('releases').join('versions', 'versions.id', 'releases.version_id').where({ plugin_id: pluginId });

test('a registered release leaves every row that later stages rely on', async () => {
  const input = createSubmission({ pluginId: 'whole-plugin', version: '1.2.0' });
  const { outcome, release } = await register(input);
  expect(outcome).toBe('registered');
  expect(release).toMatchObject({ state: 'uploading', versionId: 'whole-plugin@1.2.0', submission: 1 });
  expect(release.receipt).toEqual({
    publishId: 'release:whole-plugin@1.2.0',
    versionId: 'whole-plugin@1.2.0',
    reviewQueueId: expect.any(String) as string,
    channel: 'stable',
    uploadUrl: '/api/marketplace/plugins/whole-plugin%401.2.0/upload',
    statusUrl: '/api/marketplace/releases/release%3Awhole-plugin%401.2.0',
    submittedAt: '2026-11-21T09:00:00.000Z',
    nextCheckAt: '2026-11-21T09:00:30.000Z',
    sla: { expectedReviewDuration: '4 h' },
  });
  const { releaseId } = release;
  expect(await db('review_queue').where({ release_id: releaseId }).first('state', 'id')).toEqual({
    state: 'pending',
    id: release.receipt.reviewQueueId,
  });
  expect(
    await db('release_transitions').where({ release_id: releaseId }).select('from_state', 'to_state', 'seq'),
  ).toEqual([{ from_state: 'draft', to_state: 'uploading', seq: 1 }]);
  expect(await db('timeline').where({ release_id: releaseId }).select('seq', 'kind')).toEqual([
    { seq: 1, kind: 'state' },
  ]);
  expect(
    await db('audit').where({ subject: 'whole-plugin@1.2.0' }).select('actor', 'request_id', 'to_state'),
  ).toEqual([{ actor: origin.actor, request_id: origin.requestId, to_state: 'uploading' }]);
});

test('twenty parallel submissions with one key make one row and twenty equal receipts [API-32] [TST-10]', async () => {
  const input = createSubmission({ pluginId: 'race-one-key' });
  const replies = await Promise.all(Array.from({ length: 20 }, () => register(input)));
  expect(new Set(replies.map(({ release }) => JSON.stringify(release.receipt))).size).toBe(1);
  expect(await selectReleases('race-one-key')).toHaveLength(1);
});

test('of twenty submissions with different bytes one wins and nineteen are conflicts [TST-10] [PRE-03]', async () => {
  const attempts = Array.from({ length: 20 }, (_, index) =>
    register(createSubmission({ pluginId: 'race-bytes', notes: `Number ${index}.` })),
  );
  const settled = await Promise.allSettled(attempts);
  const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Refusal] : []));
  expect(lost.map(({ code }) => code)).toEqual(Array.from({ length: 19 }, () => 'VERSION_CONFLICT'));
  expect(await selectReleases('race-bytes')).toHaveLength(1);
});

test('one request id names one submission, also when two versions race for it', async () => {
  const publishRequestId = randomUUID();
  const attempts = ['race-id-a', 'race-id-b'].map((pluginId) =>
    register(createSubmission({ pluginId, publishRequestId })),
  );
  const settled = await Promise.allSettled(attempts);
  const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as Refusal] : []));
  expect(lost.map(({ code }) => code)).toEqual(['REQUEST_ID_REUSED']);
});

test('everything that is wrong is told at once, and nothing is written', async () => {
  await register(createSubmission({ pluginId: 'owned-plugin', version: '1.1.0' }));
  const request = createPublishRequest({
    pluginId: 'owned-plugin',
    version: '1.0.0',
    rollout: { batches: [{ percentage: 50 }, { percentage: 20 }] },
  });
  const input = createSubmission({ ...request, artefact: unsigned(request) }, { publisherId: 'other' });
  expect(await catchCodes(register(input))).toEqual([
    'PUBLISHER_MISMATCH',
    'SIGNATURE_REQUIRED',
    'ROLLOUT_PLAN_INVALID',
  ]);
  expect(await selectReleases('owned-plugin')).toHaveLength(1);
});

test('a refused first submission leaves the plugin id free', async () => {
  const request = createPublishRequest({ pluginId: 'free-plugin' });
  const input = createSubmission({ ...request, artefact: unsigned(request) });
  expect(await catchCodes(register(input))).toEqual(['SIGNATURE_REQUIRED']);
  expect(await db('plugins').where({ id: 'free-plugin' })).toEqual([]);
});

test('only registered publishers and their own unrevoked keys are accepted', async () => {
  const pluginId = 'keys-plugin';
  expect(await catchCodes(register(createSubmission({ pluginId }, { publisherId: 'nobody' })))).toEqual([
    'PUBLISHER_UNKNOWN',
  ]);
  const { artefact } = createPublishRequest({ pluginId });
  const foreign = { ...artefact, signedBy: createFingerprint('other') };
  expect(await catchCodes(register(createSubmission({ pluginId, artefact: foreign })))).toEqual([
    'SIGNATURE_UNKNOWN_KEY',
  ]);
  await addPublisher(database.knex, 'careless');
  await revokeKey(
    database.api,
    { publisherId: 'careless', fingerprint: createFingerprint('careless'), reason: 'retired' },
    origin,
    TODAY,
    () => Promise.resolve(),
  );
  const revoked = { ...artefact, signedBy: createFingerprint('careless') };
  const input = createSubmission({ pluginId, artefact: revoked }, { publisherId: 'careless' });
  expect(await catchCodes(register(input))).toEqual(['SIGNATURE_KEY_REVOKED']);
});

test('a lower version may not follow a higher one of its channel, but a rejected one is no hurdle [PRE-02]', async () => {
  const pluginId = 'order-plugin';
  const { release } = await register(createSubmission({ pluginId, version: '2.0.0' }));
  expect(await catchCodes(register(createSubmission({ pluginId, version: '1.9.0' })))).toEqual([
    'VERSION_NOT_INCREMENTED',
  ]);
  expect((await register(createSubmission({ pluginId, version: '1.9.0', channel: 'beta' }))).outcome).toBe(
    'registered',
  );
  await end(release.releaseId);
  expect((await register(createSubmission({ pluginId, version: '1.9.1' }))).outcome).toBe('registered');
});

test('a version that was never listed may be submitted again once its release has ended', async () => {
  const first = createSubmission({ pluginId: 'again-plugin' });
  const { release } = await register(first);
  await end(release.releaseId);
  expect(await register(first)).toMatchObject({ outcome: 'repeated', release: { receipt: release.receipt } });
  const second = await register(createSubmission({ pluginId: 'again-plugin', notes: 'Mended.' }));
  expect(second).toMatchObject({ outcome: 'registered', release: { submission: 2, state: 'uploading' } });
  expect(await selectReleases('again-plugin').orderBy('submission').pluck('state')).toEqual([
    'expired',
    'uploading',
  ]);
});

test('the same content is submitted again under a new request id once its release has ended, and twice at once is one release', async () => {
  const pluginId = 'same-again-plugin';
  const first = createSubmission({ pluginId });
  const { release } = await register(first);
  await end(release.releaseId);
  const anew = () => createSubmission({ ...first.request, publishRequestId: randomUUID() });
  const [one, two] = await Promise.all([register(anew()), register(anew())]);
  expect([one.outcome, two.outcome].sort()).toEqual(['registered', 'resumed']);
  expect(one.release.releaseId).toBe(two.release.releaseId);
  expect(await selectReleases(pluginId)).toHaveLength(2);
});

test('the very package for another channel is told to be that, and an open upload how it is ended', async () => {
  const { request } = createSubmission({ pluginId: 'channel-plugin' });
  await register(createSubmission({ ...request, channel: 'beta' }));
  const anew = { ...request, publishRequestId: randomUUID() };
  expect(await catchCodes(register(createSubmission(anew)))).toEqual(['CHANNEL_CHANGED']);
  const other = createSubmission({ pluginId: 'channel-plugin', channel: 'beta', notes: 'Other words.' });
  expect(await catchCodes(register(other))).toEqual(['VERSION_CONFLICT']);
});

test('a listed version never changes its content [PRE-03]', async () => {
  const first = createSubmission({ pluginId: 'listed-plugin' });
  const { release } = await register(first);
  await listVersion(database.worker, { ...release, origin }, TODAY);
  await end(release.releaseId);
  expect((await register(first)).outcome).toBe('repeated');
  const other = createSubmission({ pluginId: 'listed-plugin', notes: 'Swapped.' });
  expect(await catchCodes(register(other))).toEqual(['VERSION_CONFLICT']);
});
