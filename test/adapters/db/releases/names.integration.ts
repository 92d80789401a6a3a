import type { Knex } from 'knex';
import { registerSubmission } from '../../../../adapters/db/releases/register';
import { listReleases, listVersions } from '../../../../adapters/db/releases/lists';
import { holdForVerification } from '../../../../adapters/db/releases/nameTurns';
import { findLatestRelease, type ReleaseRecord } from '../../../../adapters/db/releases/record';
import { changeState } from '../../../../adapters/db/releases/transitions';
import { inPublisher } from '../../../../adapters/db/transaction';
import { DAY } from '../../../../core/duration';
import { Refusal } from '../../../../core/errors/errors';
import { limits } from '../../../../core/limits';
import { createFingerprint } from '../../../support/builders/digests';
import { addPublisher, addTenants, subscribe } from '../../../support/builders/identities';
import { createPublishRequest, createSubmission, origin, TODAY } from '../../../support/builders/submission';
import { completeUpload } from '../../../support/builders/uploads';
import { useDatabase } from '../../../support/servers/database';

const database = useDatabase();
const TOMORROW = new Date(TODAY.getTime() + DAY);
const DAY_AFTER = new Date(TODAY.getTime() + 2 * DAY);
const timings = { slaMs: 1000, uploadTimeoutMs: DAY };
const hours = (number: number) => new Date(TODAY.getTime() + (number * DAY) / 24);
let count = 0;

/** Publishers of its own for each test, so that what they have reserved concerns no other. */
async function enter(): Promise<[string, string, string]> {
  const ids = ['a', 'b', 'c'].map((letter) => `publisher-${letter}-${count}`);
  count += 1;
  for (const id of ids) await addPublisher(database.knex, id);
  return ids as [string, string, string];
}

async function announce(publisherId: string, pluginId: string, now = TODAY, version = '1.0.0') {
  const { artefact } = createPublishRequest({ pluginId, version });
  const fields = { pluginId, version, artefact: { ...artefact, signedBy: createFingerprint(publisherId) } };
  const { release } = await registerSubmission(
    database.worker,
    createSubmission(fields, { publisherId }),
    timings,
    now,
  );
  return release;
}

const abort = ({ releaseId }: ReleaseRecord, now = TODAY) =>
  changeState(database.worker, { ...origin, releaseId, from: 'uploading', to: 'withdrawn' }, now);

/** The codes of those that were refused, and how many were not. */
async function settle(attempts: Promise<unknown>[]): Promise<{ taken: number; codes: string[] }> {
  const settled = await Promise.allSettled(attempts);
  const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  const codes = lost.map((reason) => {
    if (!(reason instanceof Refusal)) throw reason;
    return reason.code;
  });
  return { taken: settled.length - lost.length, codes };
}

const readName = async (pluginId: string) => {
  const row = await database.knex('plugins').where({ id: pluginId }).first();
  return (
    row && { owner: row.publisher_id, until: row.reserved_until, since: row.verified_at, name: row.name }
  );
};

const asPublisher = <T>(id: string, read: (trx: Knex) => Promise<T>): Promise<T> =>
  inPublisher(database.api, id, read);

test('a publisher has ten plugin ids reserved and no more, also when it announces twenty at once', async () => {
  const [acme, other] = await enter();
  const ids = Array.from({ length: 20 }, (_none, index) => `ten-${index}`);
  const { taken, codes } = await settle(ids.map((id) => announce(acme, id)));
  expect(taken).toBe(limits.reservedNames);
  expect(codes).toEqual(Array.from({ length: 10 }, () => 'NAME_QUOTA'));
  expect(await database.knex('plugins').where({ publisher_id: acme })).toHaveLength(limits.reservedNames);
  expect((await settle(ids.map((id) => announce(other, id)))).taken).toBe(10);
});

test('a verified plugin makes room for another id, and so does the end of a reservation', async () => {
  const [acme] = await enter();
  const releases = [];
  for (let index = 0; index < 10; index += 1) releases.push(await announce(acme, `room-${index}`));
  await expect(announce(acme, 'room-more')).rejects.toMatchObject({ code: 'NAME_QUOTA' });
  await completeUpload(database.worker, releases[0]!);
  await expect(announce(acme, 'room-more')).resolves.toBeDefined();
  await expect(announce(acme, 'room-0', TODAY, '1.1.0')).resolves.toBeDefined();
  for (const release of releases.slice(1)) await abort(release);
  await expect(announce(acme, 'room-last')).rejects.toMatchObject({ code: 'NAME_QUOTA' });
  await expect(announce(acme, 'room-last', TOMORROW)).resolves.toBeDefined();
});

test('an id is free from the end of its reservation on, and whoever takes it sees nothing of the one before', async () => {
  const [acme, other] = await enter();
  await abort(await announce(acme, 'changing'));
  await abort(await announce(acme, 'changing', TODAY, '2.0.0'));
  const justBefore = new Date(TOMORROW.getTime() - 1);
  await expect(announce(other, 'changing', justBefore)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const taken = await announce(other, 'changing', TOMORROW);
  expect(await readName('changing')).toMatchObject({ owner: other, until: DAY_AFTER, since: null });
  expect(taken).toMatchObject({ publisherId: other, submission: 2, state: 'uploading' });
  await expect(announce(acme, 'changing', TOMORROW, '3.0.0')).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
  const page = await asPublisher(other, (trx) => listReleases(trx, {}, { limit: 10, cursor: undefined }));
  expect(page.rows.map(({ versionId }) => versionId)).toEqual(['changing@1.0.0']);
  const versions = await asPublisher(other, (trx) => listVersions(trx, 'changing', { listedOnly: false }));
  expect(versions.map(({ version }) => version)).toEqual(['1.0.0']);
  expect(await asPublisher(other, (trx) => trx('versions').pluck('id'))).toEqual(['changing@1.0.0']);
  expect(await asPublisher(other, (trx) => findLatestRelease(trx, 'changing@2.0.0'))).toBeUndefined();
  // Who had it before sees what is now another's just as little.
  expect(await asPublisher(acme, (trx) => trx('versions').pluck('id'))).toEqual([]);
  expect(await database.knex('audit').where({ action: 'plugin.take' }).first('subject', 'data')).toEqual({
    subject: 'changing',
    data: { from: acme, to: other },
  });
});

test('tenants that subscribed to an id which another publisher takes are not subscribed to that one’s plugin', async () => {
  const [acme, other] = await enter();
  await addTenants(database.knex, ['early']);
  await abort(await announce(acme, 'promised'));
  await subscribe(database.api, ['early'], 'promised');
  await subscribe(database.api, ['early'], 'something-else');
  await abort(await announce(acme, 'promised', TOMORROW));
  const listIds = () => database.knex('subscriptions').where({ tenant_id: 'early' }).pluck('plugin_id');
  expect((await listIds()).sort()).toEqual(['promised', 'something-else']);
  await announce(other, 'promised', TOMORROW);
  expect(await listIds()).toEqual(['something-else']);
});

test('what the publisher before has on its way keeps nobody from a lower version', async () => {
  const [acme, other] = await enter();
  await announce(acme, 'heights', new Date(TOMORROW.getTime() - 1), '1.0.0');
  await announce(acme, 'heights', DAY_AFTER, '99.0.0');
  await expect(announce(other, 'heights', DAY_AFTER, '1.0.1')).resolves.toBeDefined();
});

test('a verified plugin is its publisher’s for good, and the database itself refuses any other', async () => {
  const [acme, other] = await enter();
  const release = await announce(acme, 'kept');
  await completeUpload(database.worker, release);
  expect(await readName('kept')).toMatchObject({ owner: acme, since: TODAY, name: 'The kept plugin' });
  const years = new Date(TODAY.getTime() + 1000 * DAY);
  await expect(announce(other, 'kept', years)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const change = (row: object) => database.worker('plugins').where({ id: 'kept' }).update(row);
  await expect(change({ publisher_id: other })).rejects.toThrow(/for good/);
  await expect(change({ verified_at: null })).rejects.toThrow(/for good/);
  await expect(database.api('plugins').update({ publisher_id: other })).rejects.toThrow(/permission denied/);
});

test('a plugin that a worker of the version before verified is kept, too', async () => {
  const [acme, other] = await enter();
  const { releaseId, packageSha256 } = await announce(acme, 'old-worker');
  await database.worker('releases').where({ id: releaseId }).update({ verified_sha256: packageSha256 });
  await expect(announce(other, 'old-worker', DAY_AFTER)).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
  });
  expect(await readName('old-worker')).toMatchObject({ owner: acme });
});

test('an upload without a turn, of a publisher that lost the plugin meanwhile, is not verified', async () => {
  const [acme, other] = await enter();
  await abort(await announce(acme, 'in-flight'));
  const late = await announce(acme, 'in-flight', TOMORROW, '1.1.0');
  await announce(other, 'in-flight', TOMORROW, '1.2.0');
  await expect(completeUpload(database.worker, late)).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  const row = await database.knex('releases').where({ id: late.releaseId }).first();
  expect(row).toMatchObject({ verified_sha256: null, state: 'uploading' });
  expect(await readName('in-flight')).toMatchObject({ owner: other, since: null });
});

test('when an upload ends while another publisher takes the plugin, exactly one of them has it', async () => {
  const [acme, other] = await enter();
  for (let round = 0; round < 12; round += 1) {
    const pluginId = `photo-finish-${round}`;
    await abort(await announce(acme, pluginId), TODAY);
    const own = await announce(acme, pluginId, TOMORROW, '1.1.0');
    const both = [
      () => completeUpload(database.worker, own),
      () => announce(other, pluginId, TOMORROW, '1.2.0'),
    ];
    const order = round % 2 === 0 ? both : both.toReversed();
    const { taken, codes } = await settle(order.map((act) => act()));
    expect([taken, codes]).toEqual([1, ['PUBLISHER_MISMATCH']]);
    const name = await readName(pluginId);
    const { verified_sha256 } = (await database.knex('releases').where({ id: own.releaseId }).first())!;
    expect(name?.owner).toBe(verified_sha256 === null ? other : acme);
    // Room for the next round.
    await database.knex('plugins').where({ id: pluginId }).update({ reserved_until: TODAY });
  }
});

test('of publishers that announce or take one plugin at once, one has it', async () => {
  const publishers = await enter();
  const fresh = await settle(publishers.map((id) => announce(id, 'wanted')));
  expect([fresh.taken, fresh.codes]).toEqual([1, ['PUBLISHER_MISMATCH', 'PUBLISHER_MISMATCH']]);
  const first = (await readName('wanted'))!.owner;
  const others = publishers.filter((id) => id !== first);
  await abort((await findLatestRelease(database.knex, 'wanted@1.0.0'))!);
  const free = await settle(others.map((id) => announce(id, 'wanted', TOMORROW)));
  expect([free.taken, free.codes]).toEqual([1, ['PUBLISHER_MISMATCH']]);
  expect(others).toContain((await readName('wanted'))!.owner);
});

test('announcing again and again without an upload lets others go first, alone and in turn with another publisher', async () => {
  const [acme, other, third] = await enter();
  for (let hour = 0; hour < 48; hour += 6)
    await abort(await announce(acme, 'squat', hours(hour)), hours(hour));
  // The last one of its first day, and none after that.
  expect(await readName('squat')).toMatchObject({ owner: acme, until: hours(42) });
  await abort(await announce(other, 'squat', hours(48)), hours(48));
  await expect(announce(acme, 'squat', hours(72))).rejects.toMatchObject({
    code: 'PUBLISHER_MISMATCH',
    message: expect.stringContaining(`announce it again at ${hours(90).toISOString()}`),
  });
  await abort(await announce(acme, 'squat', hours(90)), hours(90));
  expect(await readName('squat')).toMatchObject({ owner: acme, until: hours(114) });
  for (const hour of [114, 119])
    await expect(announce(other, 'squat', hours(hour))).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  await announce(third, 'squat', hours(119));
  expect(await readName('squat')).toMatchObject({ owner: third, until: hours(143) });
});

test('a publisher with an open upload in its turn loses the id to nobody, whatever others announce', async () => {
  const [acme, squatter, fresh] = await enter();
  await abort(await announce(acme, 'loop'));
  await abort(await announce(squatter, 'loop', TOMORROW));
  const own = await announce(acme, 'loop', hours(72), '2.0.0');
  for (const hour of [72, 84, 95])
    for (const other of [squatter, fresh])
      for (const version of ['1.5.0', '2.0.0'])
        await expect(announce(other, 'loop', hours(hour), version)).rejects.toMatchObject({
          code: 'PUBLISHER_MISMATCH',
        });
  await completeUpload(database.worker, own);
  expect(await readName('loop')).toMatchObject({ owner: acme, since: TODAY });
});

test('a complete upload keeps the id for another day while it waits for its verification, where it had its turn', async () => {
  const [acme, other] = await enter();
  const waiting = await announce(acme, 'waiting');
  for (let twice = 0; twice < 2; twice += 1) await holdForVerification(database.worker, waiting);
  expect(await readName('waiting')).toMatchObject({ owner: acme, until: DAY_AFTER });
  await expect(announce(other, 'waiting', hours(47))).rejects.toMatchObject({ code: 'PUBLISHER_MISMATCH' });
  await abort(waiting);
  await holdForVerification(database.worker, await announce(acme, 'waiting', DAY_AFTER, '1.1.0'));
  expect(await readName('waiting')).toMatchObject({ until: DAY_AFTER });
  await expect(announce(other, 'waiting', DAY_AFTER)).resolves.toBeDefined();
});

test('the same announcement again takes no further turn', async () => {
  const [acme] = await enter();
  const { artefact } = createPublishRequest({ pluginId: 'repeated', version: '1.0.0' });
  const fields = { pluginId: 'repeated', artefact: { ...artefact, signedBy: createFingerprint(acme) } };
  const submission = createSubmission(fields, { publisherId: acme });
  for (const hour of [0, 12, 200])
    await registerSubmission(database.worker, submission, timings, hours(hour));
  expect(await readName('repeated')).toMatchObject({ until: TOMORROW });
});
